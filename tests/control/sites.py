"""Site documents for the tests of the control."""

from random import Random
from typing import Any

from kwartier.control.fail_safe import fuse_gaps
from kwartier.control.wiring import ControlSite, control_site
from kwartier.site.document import Site, SiteConfiguration
from kwartier.testing.random_requests import random_request
from kwartier.units.phase import PhaseName

Json = dict[str, Any]
PHASES = ["L1", "L2", "L3"]
PINS = ["pin1", "pin2", "pin3"]
L1_L2_L3: tuple[PhaseName, ...] = ("L1", "L2", "L3")


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


def tight_site(random: Random) -> ControlSite:
    """A site with a little too much of everything, four wires or three, that is proven fail-safe."""
    while True:
        root = random.choice([four_wire, four_wire, three_wire])("main", random.randint(25, 90), ["hall"])
        turned = random.sample(PHASES, 3)
        hall = board("hall", random.randint(16, 63), phase_permutations={"parent": turned, "child": PHASES})
        devices: list[Json] = []
        for number in range(random.randint(2, 6)):
            where = random.choice(["main", "hall"])
            kind = random.choice(["ac", "ac", "ac", "ac", "dc", "battery"])
            if kind == "ac":
                phases = random.sample(PHASES, random.choice([1, 2, 3, 3, 3]))
                devices.append(pole(f"pole_{number}", where, phases, random.choice([16, 32])))
            elif kind == "dc":
                devices.append(dc_pole(f"dc_{number}", random.choice([11_000.0, 22_000.0]), where))
            else:
                devices.append(battery(f"battery_{number}", random.choice([3000.0, 10_000.0]), where))
        for name, series_kind in (("machines", "load"), ("office", "load"), ("roof", "pv")):
            if random.random() < 0.6:
                rating_a = random.randint(4, 30)
                devices.append(series(name, series_kind, rating_a, random.choice(["main", "hall"])))
        site = site_of([root, hall], devices)
        if not fuse_gaps(site):
            return site


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
