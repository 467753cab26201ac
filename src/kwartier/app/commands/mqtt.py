"""`kwartier mqtt create`, `revoke`, `acl` and `simulate`."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import WrongUsage
from kwartier.adapters.cli.terminal import note, show_json, show_line, visible
from kwartier.app.commands import simulate

if TYPE_CHECKING:
    from kwartier.service.ports import Ports

EXAMPLE = """\b
Example:
  kwartier mqtt create k7c2m9x4qwer --site hall
  kwartier mqtt revoke k7c2m9x4qwer.p3v8b2n6aabc
  kwartier mqtt acl --folder mosquitto-files --pid-file mosquitto.pid"""

mqtt = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Let partners' devices at the broker, and try it out."
)

mqtt.command(epilog=simulate.EXAMPLE)(simulate.simulate)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@mqtt.callback()
def _mqtt() -> None:
    """Let partners' devices at the broker. A password is shown once, and kept as the hash that the broker reads."""


@mqtt.command(epilog=EXAMPLE)
def create(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id or name.")],
    site_id: Annotated[
        str | None, typer.Option("--site", help="For this site only; without it, for all of the partner's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a user of the broker, and print its name and password; a running service lets it in within seconds."""
    from kwartier.adapters.mqtt.broker.access import new_password_hash
    from kwartier.app.operating import operating
    from kwartier.service.create_broker_credential import BrokerCredentialCreated, create_broker_credential
    from kwartier.service.outcomes import UnknownPartner

    with operating() as ports:
        outcome = create_broker_credential(
            partner,
            site_id,
            partners=ports.partners,
            sites=ports.sites,
            credentials=ports.broker_credentials,
            ids=ports.ids,
            hashed=new_password_hash,
            clock=ports.clock,
        )
        _bring_up_to_date(ports)
    if isinstance(outcome, UnknownPartner):
        raise WrongUsage("there is no partner with that id or name; kwartier partner create makes one")
    if not isinstance(outcome, BrokerCredentialCreated):
        raise WrongUsage("that partner has no such site; correct --site, or leave it away for all its sites")
    if as_json:
        show_json({"username": outcome.username, "password": outcome.password})
    else:
        show_line(f"User     {outcome.username}")
        show_line(f"Password {outcome.password}")
        show_line("The password is shown this once only; keep it where your device finds it.")


@mqtt.command(epilog=EXAMPLE)
def revoke(
    username: Annotated[str, typer.Argument(metavar="USER", help="The name that create printed.")],
    as_json: AsJson = False,
) -> None:
    """Take a user back for good; a running service has the broker cut it off within seconds."""
    from kwartier.app.operating import operating
    from kwartier.service.revoke_broker_credential import UnknownBrokerCredential, revoke_broker_credential

    with operating() as ports:
        outcome = revoke_broker_credential(username, credentials=ports.broker_credentials, clock=ports.clock)
        _bring_up_to_date(ports)
    if isinstance(outcome, UnknownBrokerCredential):
        raise WrongUsage("there is no such user in use; kwartier mqtt acl shows the names of all")
    if as_json:
        show_json({"username": outcome.username})
    else:
        show_line(f"User {visible(outcome.username)} is revoked.")


@mqtt.command(epilog=EXAMPLE)
def acl(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", metavar="DIR", help="Where to write; without it, the started broker's folder."
        ),
    ] = None,
    pid_file: Annotated[
        Path | None,
        typer.Option(
            "--pid-file", metavar="FILE", help="Of a Mosquitto that shall read the files anew (SIGHUP)."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write Mosquitto's password and access files, from the users in use, and print who may log in."""
    from kwartier.app.broker_files import broker_folder, write_broker_files
    from kwartier.app.operating import operating
    from kwartier.app.settings import load_settings
    from kwartier.service.list_broker_credentials import list_broker_credentials

    settings = load_settings()
    where = folder or broker_folder(settings)
    with operating() as ports:
        is_changed = write_broker_files(settings, ports, where)
        found = list_broker_credentials(partners=ports.partners, credentials=ports.broker_credentials)
    if pid_file is not None and is_changed:
        _hang_up(pid_file)
    if as_json:
        users = [{"username": one.username, "site_id": one.site_id} for one in found]
        show_json({"folder": str(where), "is_changed": is_changed, "users": users})
        return
    for one in found:
        show_line(f"{one.username}  {one.site_id or 'all sites'}")
    show_line(f"{'Written' if is_changed else 'Nothing new'}: {visible(str(where))}")


def _bring_up_to_date(ports: "Ports") -> None:
    """Write the files of the started broker, where there is one; it reads them when they change."""
    from kwartier.app.broker_files import broker_folder, write_broker_files
    from kwartier.app.settings import load_settings

    settings = load_settings()
    if not settings.has_own_broker:
        note("next: kwartier mqtt acl, or your broker's own way (docs/mqtt.md)")
    elif broker_folder(settings).is_dir():
        write_broker_files(settings, ports, broker_folder(settings))


def _hang_up(pid_file: Path) -> None:
    try:
        os.kill(int(pid_file.read_text(encoding="ascii")), signal.SIGHUP)
    except (OSError, ValueError) as error:
        raise WrongUsage(
            f"{visible(str(pid_file))}: {error}; the files are written, have the broker read them"
        ) from None
