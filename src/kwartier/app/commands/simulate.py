"""`kwartier mqtt simulate`: a site that lives at a broker, for whoever builds against it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode, WrongUsage
from kwartier.adapters.cli.json_files import read_document, read_value
from kwartier.adapters.cli.terminal import note, show_line
from kwartier.adapters.cli.validate import report_findings

if TYPE_CHECKING:
    from kwartier.adapters.mqtt.broker_address import BrokerAddress
    from kwartier.adapters.mqtt.site_client import PassingTime, SiteAtBroker
    from kwartier.adapters.mqtt.tls_files import TlsFiles
    from kwartier.planning.request import PlanRequest
    from kwartier.simulation.simulated_site import SimulatedSite
    from kwartier.site.document import Site, SiteConfiguration

EXAMPLE = """\b
Example:
  kwartier mqtt simulate site.json --broker mqtt://USER:PASSWORD@127.0.0.1
  kwartier mqtt simulate site.json --broker mqtts://USER:PASSWORD@broker.example --ca-file ca.pem
  kwartier mqtt simulate site.json --broker … --past-hours 6 --speed 60
  kwartier mqtt simulate site.json --broker … --minutes 5 --every 5 --json"""


def simulate(
    site: Annotated[
        Path,
        typer.Argument(readable=False, metavar="SITE.json", help="The site document; - is standard input."),
    ],
    broker: Annotated[
        str,
        typer.Option(
            envvar="KWARTIER_SIMULATED_SITE_BROKER",
            metavar="URL",
            help="mqtt://USER:PASSWORD@HOST:PORT, or mqtts://, with a user that create made.",
        ),
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            readable=False, metavar="REQUEST.json", help="A plan request; absent: that of the demo site."
        ),
    ] = None,
    *,
    past_hours: Annotated[
        float, typer.Option(min=0, max=24 * 31, help="Begin so long ago, and catch up with the present.")
    ] = 0.0,
    speed_factor: Annotated[
        float, typer.Option("--speed", min=1, max=3600, help="How many times as fast the past goes by.")
    ] = 60.0,
    every_s: Annotated[
        float,
        typer.Option("--every", min=1, max=900, help="Seconds from one reading of a meter to the next."),
    ] = 60.0,
    ca_file: Annotated[
        Path | None,
        typer.Option(
            "--ca-file", help="PEM file with the authorities that mqtts:// trusts; absent: the system's."
        ),
    ] = None,
    certificate_file: Annotated[
        Path | None,
        typer.Option("--certificate-file", help="PEM file for a broker that asks for a certificate."),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", help="PEM file with its key, where that has a file of its own."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, help="Stop after so many simulated minutes; absent: at Ctrl-C.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which cars come where the data have none.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object per reading of the whole site.")
    ] = False,
) -> None:
    """Publish what a site's meters would say, and obey its setpoints, until Ctrl-C.

    The past goes by fast, the present as it is: a setpoint holds in real time only. It needs the broker alone.
    """
    from kwartier.adapters.mqtt.site_client import PassingTime, SiteAtBroker
    from kwartier.adapters.mqtt.tls_files import TlsFiles
    from kwartier.adapters.mqtt.topics import Place
    from kwartier.app.logging import set_up_logging
    from kwartier.service.partner import partner_of
    from kwartier.simulation.told_site import told_site

    document, configuration = _site(site, as_json=as_json)
    address = _address(broker, TlsFiles(ca_file, certificate_file, key_file))
    begun = datetime.now(UTC)
    passing = PassingTime(begun - timedelta(hours=past_hours), begun, speed_factor)
    simulated = told_site(document, configuration, _data(data), passing.start, seed=seed)
    where = SiteAtBroker(
        address, Place(partner_of(address.username or ""), document.site_id), timedelta(seconds=every_s)
    )
    count = None if minutes is None else max(1, round(minutes * 60 / every_s))
    set_up_logging("console", "warning")
    _live(where, simulated, passing, step_count=count, as_json=as_json)


def _live(
    where: "SiteAtBroker",
    simulated: "SimulatedSite",
    passing: "PassingTime",
    *,
    step_count: int | None,
    as_json: bool,
) -> None:
    """Live until Ctrl-C, or for so many readings of each meter, with a line for each minute or reading."""
    from kwartier.adapters.mqtt.site_client import SiteClient
    from kwartier.app.commands.simulated_line import SimulatedLines
    from kwartier.app.no_core import leave_no_core
    from kwartier.simulation.simulated_site import first_state

    leave_no_core()
    lines = SimulatedLines(simulated, show_line if as_json else note, as_json=as_json)
    client = SiteClient(
        where,
        simulated,
        first_state(simulated, passing.start),
        now=lambda: passing.at(datetime.now(UTC)),
        on_step=lambda step: lines.show(step, client.told),
    )
    try:
        client.run(lambda: False, step_count=step_count)
    except KeyboardInterrupt:
        note("stopped")


def _site(source: Path, *, as_json: bool) -> "tuple[Site, SiteConfiguration]":
    from kwartier.site.parse import read_site

    document, findings = read_site(read_value(source))
    configuration = document.configurations.site_configuration if document else None
    if document is None or configuration is None or any(one.severity == "ERROR" for one in findings):
        report_findings(source, findings, as_json=as_json)
        raise typer.Exit(ExitCode.FINDINGS)
    return document, configuration


def _address(url: str, tls: "TlsFiles") -> "BrokerAddress":
    from kwartier.adapters.mqtt.broker_address import broker_address
    from kwartier.adapters.mqtt.tls_files import UnusableTlsFile

    try:
        address = broker_address(url, tls)
        tls.context()
    except UnusableTlsFile as error:
        raise WrongUsage(f"{error}; correct --ca-file, --certificate-file or --key-file") from None
    except ValueError as error:
        raise WrongUsage(f"--broker: {error}") from None
    if not address.username or "." not in address.username:
        raise WrongUsage("--broker: it needs a user as kwartier mqtt create makes it, PARTNER.NAME")
    return address


def _data(source: Path | None) -> "PlanRequest":
    """The plan request that tells of series and cars. Raises WrongUsage for one that cannot be read as such."""
    from kwartier.demo import demo_request_json
    from kwartier.planning.request import PlanRequest

    if source is None:
        return PlanRequest.model_validate_json(demo_request_json())
    request, findings = read_document(PlanRequest, source)
    if request is None:
        report_findings(source, findings, as_json=False)
        raise typer.Exit(ExitCode.FINDINGS)
    return request
