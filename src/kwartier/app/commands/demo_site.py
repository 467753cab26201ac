"""The demo's site, living beside the service that runs it: it publishes telemetry and obeys setpoints."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from kwartier.adapters.cli.terminal import note
from kwartier.adapters.mqtt.no_broker import NoBroker

if TYPE_CHECKING:
    from kwartier.adapters.mqtt.site_client import SiteClient
    from kwartier.service.ports import Clock
    from kwartier.simulation.site_step import SiteStep

# Of every meter; a site sends a reading a minute, but whoever looks on wants to see something happen.
INTERVAL_S = 5


def let_site_live(
    device: dict[str, str], site_id: str, clock: "Clock", *, is_over: Callable[[], bool], is_silent: bool
) -> None:
    """Live as the demo's site until `is_over`, by the service's clock; says so where there is no broker.

    Unless silent, notes how it goes.
    """
    try:
        _client(device, site_id, clock, is_silent=is_silent).run(is_over)
    except NoBroker as fault:
        note(f"The demo's site does not live: {fault}")


def _client(device: dict[str, str], site_id: str, clock: "Clock", *, is_silent: bool) -> "SiteClient":
    """The site from now on, its counters where the service's readings of it end."""
    from kwartier.adapters.mqtt.broker_address import BrokerAddress, broker_address
    from kwartier.adapters.mqtt.site_client import SiteAtBroker, SiteClient
    from kwartier.adapters.mqtt.topics import Place
    from kwartier.app.commands.simulated_line import SimulatedLines
    from kwartier.demo import demo_request_json
    from kwartier.demo.moved import MovedDemo
    from kwartier.planning.request import PlanRequest
    from kwartier.service.partner import partner_of
    from kwartier.simulation.simulated_site import first_state
    from kwartier.simulation.told_site import told_site

    now = clock.now()
    before = {one.asset_id: one for one in MovedDemo(now).measurements()}
    request = PlanRequest.model_validate_json(demo_request_json())
    configuration = request.site.planned_configuration
    site = told_site(request.site, configuration, request, now, seed=0)
    charge = {
        name: one.current_state_of_charge
        for name, one in before.items()
        if one.current_state_of_charge is not None
    }
    state = first_state(
        site,
        now,
        charge_percent=charge,
        first_totals_wh={name: one.energy_value for name, one in before.items()},
    )
    at = broker_address(device["url"])
    address = BrokerAddress(at.host, at.port, username=device["username"], password=device["password"])
    where = SiteAtBroker(
        address, Place(partner_of(device["username"]), site_id), timedelta(seconds=INTERVAL_S)
    )
    lines = SimulatedLines(site, note, as_json=False)

    def show(step: "SiteStep") -> None:
        if not is_silent:
            lines.show(step, client.told)

    client = SiteClient(where, site, state, now=clock.now, on_step=show)
    return client
