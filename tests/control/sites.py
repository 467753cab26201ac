"""Site documents for the tests of the control."""

from random import Random
from typing import Any

from kwartier.control.wiring import ControlSite, control_site
from kwartier.site.document import Site, SiteConfiguration
from kwartier.testing.random_requests import random_request

Json = dict[str, Any]
PHASES = ["L1", "L2", "L3"]


def board(name: str, limit_a: int, children: list[str] | None = None, **more: Any) -> Json:
    return {"name": name, "line_current": limit_a, "children": children or [], **more}


def four_wire(name: str, limit_a: int, children: list[str] | None = None) -> Json:
    return board(name, limit_a, children, phase_voltage=230)


def three_wire(name: str, limit_a: int, children: list[str] | None = None) -> Json:
    return board(name, limit_a, children, line_voltage=230)


def pole(name: str, collector: str = "main", phases: list[str] | None = None, rating_a: int = 32) -> Json:
    used = PHASES if phases is None else phases
    return {
        "name": name,
        "collector": collector,
        "type": "charging_pole_3phase",
        "line_current": rating_a,
        "pin_to_phase_mapping": {"pin_list": [f"pin{i + 1}" for i in range(len(used))], "phase_list": used},
    }


def dc_pole(name: str, power_w: float, collector: str = "main") -> Json:
    return {"name": name, "collector": collector, "type": "dc_charging_pole", "max_power": power_w}


def battery(name: str, power_w: float, collector: str = "main", capacity_wh: float = 20_000.0) -> Json:
    return {
        "name": name,
        "collector": collector,
        "type": "battery_energy_storage_system",
        "maximum_charging_power": power_w,
        "maximum_discharging_power": power_w,
        "operational_battery_capacity": capacity_wh,
    }


def series(name: str, kind: str, rating_a: int, collector: str = "main") -> Json:
    return {
        "name": name,
        "collector": collector,
        "type": "forecasted_series_3phase",
        "line_current": rating_a,
        "forecast_type": kind,
    }


def configuration(boards: list[Json], devices: list[Json]) -> SiteConfiguration:
    return SiteConfiguration.model_validate({"collector_list": boards, "device_list": devices})


def document(site_configuration: Json) -> Site:
    return Site.model_validate(
        {
            "site_id": "depot",
            "name": "Depot",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "configurations": {"site_configuration": site_configuration},
        }
    )


def site_of(boards: list[Json], devices: list[Json]) -> ControlSite:
    return control_site(configuration(boards, devices))


def random_sites(seeds: range, most_devices: int = 6) -> list[tuple[int, Site]]:
    """Random valid sites with one to so many controlled devices, with the seed that makes each."""

    found = []
    for seed in seeds:
        document = Site.model_validate(random_request(Random(seed))["site"])
        listed = document.configurations.site_configuration
        assert listed is not None
        count = sum(device.type != "forecasted_series_3phase" for device in listed.device_list)
        if 0 < count <= most_devices:
            found.append((seed, document))
    return found
