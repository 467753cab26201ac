"""`kwartier serve-demo`: the service with the demo site in it, ready to be called."""

import signal
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.demo import demo
from kwartier.adapters.cli.terminal import progress, show_json, show_line
from kwartier.app.commands.demo_device import device_access, new_device, show_device
from kwartier.app.commands.demo_site import let_site_live

if TYPE_CHECKING:
    from kwartier.adapters.system.fast_clock import FastClock
    from kwartier.app.serve import Server
    from kwartier.app.settings import Settings
    from kwartier.demo.fill_service import FilledDemo
    from kwartier.service.create_broker_credential import BrokerCredentialCreated
    from kwartier.service.ports import Ports

EXAMPLE = """\b
Example:
  kwartier serve-demo
  kwartier serve-demo --port 8080
  kwartier serve-demo --once --json"""


def serve_demo(
    folder: Annotated[
        Path,
        typer.Option(
            "--folder", readable=False, metavar="DIR", help="Where to write the demo's three files."
        ),
    ] = Path("kwartier-demo"),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen at; 0 for a free one.")] = 8000,
    is_once: Annotated[
        bool, typer.Option("--once", help="Fetch the plan once from the running service, and stop.")
    ] = False,
    speed_factor: Annotated[
        float,
        typer.Option(
            "--speed", min=1, max=60, help="How many times as fast its clock goes; 1: the real time."
        ),
    ] = 20.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print two JSON objects: the demo's result, and how to call it.")
    ] = False,
) -> None:
    """Plan the demo site as `kwartier demo` does, then run a service that holds it, until Ctrl-C.

    Where there is a broker the site lives: its meters say something every five seconds, and its devices do as told. A
    line per minute on standard error says how it goes.
    The service's data are real ones, moved so that their day is today; they lie in a temporary folder that goes with
    the service. Its clock begins at seven in the morning and goes twenty times as fast as yours: a quarter-hour in
    45 seconds. With `--speed 1` it is the real time. Prints the address, a client id with its secret, and a line that
    fetches the site's plan.
    """
    demo(folder, as_json)
    with TemporaryDirectory(prefix="kwartier-demo-") as data_dir:
        settings = _settings(Path(data_dir), _free(port))
        _serve(
            settings, None if speed_factor == 1 else _clock(speed_factor), is_once=is_once, as_json=as_json
        )


def _clock(speed_factor: float) -> "FastClock":
    """A clock that stands at the beginning of the demo's day until the service runs."""
    from kwartier.adapters.system.fast_clock import FastClock
    from kwartier.adapters.system.system_clock import SystemClock
    from kwartier.demo.moved import MovedDemo, first_moment

    return FastClock(first_moment(MovedDemo(SystemClock().now()).today), speed_factor)


def _settings(data_dir: Path, port: int) -> "Settings":
    """A service of its own, whatever the environment says: nothing of the demo goes into another database."""
    from kwartier.app.settings import Settings

    return Settings(
        data_dir=data_dir,
        database_url=f"sqlite:///{data_dir / 'kwartier.db'}",
        http_host="127.0.0.1",
        http_port=port,
        price_sources="",
        mqtt_url=None,
        mqtt_port=0,
        log_format="console",
        log_level="warning",
    )


def _free(port: int) -> int:
    """The port, or 0 where something listens at it."""
    import socket

    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", port)) == 0 else port


def _serve(settings: "Settings", fast: "FastClock | None", *, is_once: bool, as_json: bool) -> None:
    from kwartier.adapters.system.system_clock import SystemClock
    from kwartier.app.serve import serve
    from kwartier.demo.fill_service import fill_service

    filled: list[tuple[FilledDemo, BrokerCredentialCreated]] = []
    clock = fast or SystemClock()

    def fill(ports: "Ports") -> None:
        with progress("Filling the service"):
            demo = fill_service(ports)
            filled.append((demo, new_device(demo, ports)))

    def started(server: "Server") -> None:
        if fast is not None:
            fast.begin()
        device = None if server.broker is None else device_access(server.broker.port, *filled[0])
        if device is not None and not is_once:
            # It ends before the broker does, and not at all where the service fails: then it goes with the process.
            living = partial(let_site_live, is_over=lambda: server.should_exit, is_silent=as_json)
            Thread(target=living, args=(device, filled[0][0].site_id, clock), daemon=True).start()
        # On a thread of its own: it calls the server, whose loop this is.
        shown = partial(_show, server, filled[0][0], device, fast, is_once=is_once, as_json=as_json)
        Thread(target=shown).start()

    serve(settings, clock=clock, prepare=fill, on_started=started)


def _show(
    server: "Server",
    filled: "FilledDemo",
    device: dict[str, str] | None,
    fast: "FastClock | None",
    *,
    is_once: bool,
    as_json: bool,
) -> None:
    """Say how to call the service; with `is_once` call it, and stop it."""
    from kwartier.demo.fill_service import PARTNER

    url = f"http://127.0.0.1:{server.port}"
    line = curl_line(url, filled)
    if as_json:
        user = {"user": filled.user_name, "password": filled.password}
        access = {"url": url, "client_id": filled.client_id, "client_secret": filled.client_secret}
        dashboard = {"url": f"{url}/dashboard/", "company": PARTNER, **user}
        show_json({**access, "site_id": filled.site_id, "curl": line, "mqtt": device, "dashboard": dashboard})
    else:
        show_line("")
        show_line(f"Dashboard: {url}/dashboard/")
        show_line(f"  company {PARTNER}, user {filled.user_name}, password {filled.password}")
        show_line(f"Service:  {url}, described at {url}/docs")
        show_line(f"Client:   {filled.client_id}")
        show_line(f"Secret:   {filled.client_secret}")
        show_line(f"The plan of site {filled.site_id} from now on:")
        show_line(f"  {line}")
        show_line("The setpoints of all its devices: the same line with setpoints for plans/latest.")
        show_device(device)
        if fast is not None:
            show_line(
                f"The demo's clock began at 7 in the morning and goes {fast.speed_factor:g} times as fast as yours; "
                "with --speed 1 it is the real time."
            )
        show_line("" if is_once else "Ctrl-C stops it.")
    sys.stdout.flush()  # who reads it through a pipe waits for it while the service runs
    if is_once:
        _fetch(url, filled, as_json=as_json)
        server.handle_exit(signal.SIGTERM, None)


def curl_line(url: str, filled: "FilledDemo") -> str:
    """One line of a shell that logs in and fetches the latest plan."""
    login = (
        f"curl -s -u {filled.client_id}:{filled.client_secret} -d grant_type=client_credentials "
        f"{url}/v1/identity/client-login"
    )
    token = f"$({login} | cut -d'\"' -f4)"
    return f'curl -s -H "Authorization: Bearer {token}" {url}/v1/sites/{filled.site_id}/plans/latest'


def _fetch(url: str, filled: "FilledDemo", *, as_json: bool) -> None:
    from kwartier.client import Kwartier, plans

    with Kwartier(url, filled.client_id, filled.client_secret) as kwartier:
        plan = kwartier.send(plans.latest(filled.site_id))
    if not as_json:
        show_line(f"Fetched plan {plan.plan_id}: {plan.status}, {len(plan.devices)} devices.")
