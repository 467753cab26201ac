"""A small site with everything that a plan request can hold, and what is measured of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.planning.request import PlanOptions
from kwartier.service.plan_assembly.facts import SiteFacts, history_start
from kwartier.site.document import Site
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.units.quarter_hour import QUARTER_S, epoch_s

BRUSSELS = ZoneInfo("Europe/Brussels")
AT = datetime(2026, 6, 10, 6, 37, 30, tzinfo=UTC)  # a Wednesday, 08:37:30 in Brussels

SITE: dict[str, Any] = {
    "site_id": "hall",
    "name": "Hall",
    "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
    "country": "BE",
    "configurations": {
        "site_configuration": {
            "collector_list": [
                {"name": "main", "line_current": 100, "line_voltage": 400, "children": ["hub"]},
                {"name": "hub", "line_current": 63},
            ],
            "device_list": [
                {
                    "name": "pole",
                    "collector": "hub",
                    "type": "charging_pole_3phase",
                    "line_current": 32,
                    "pin_to_phase_mapping": {
                        "pin_list": ["pin1", "pin2", "pin3"],
                        "phase_list": ["L1", "L2", "L3"],
                    },
                },
                {
                    "name": "roof",
                    "collector": "main",
                    "type": "forecasted_series_3phase",
                    "line_current": 63,
                    "forecast_type": "pv",
                },
                {
                    "name": "rest",
                    "collector": "main",
                    "type": "forecasted_series_3phase",
                    "line_current": 100,
                    "forecast_type": "load",
                    "should_be_aggregated": True,
                },
                {
                    "name": "battery",
                    "collector": "main",
                    "type": "battery_energy_storage_system",
                    "maximum_charging_power": 10_000,
                    "maximum_discharging_power": 10_000,
                    "operational_battery_capacity": 20_000,
                },
            ],
        },
        "optimization_configuration": {"planning_horizon": "P1D"},
        "contract": {"contract_type": "dynamic", "bidding_zone": "BE"},
    },
}


def grid_s(at: datetime = AT) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The quarter-hours of the history, up to and with the running one."""
    first_s = -(-epoch_s(history_start(at, BRUSSELS)) // QUARTER_S) * QUARTER_S
    return np.arange(first_s, epoch_s(at), QUARTER_S)


def flat(power_w: float, at: datetime = AT) -> QuarterEnergies:
    """A meter that shows one power all the time, the running quarter-hour so far included."""
    start_s = grid_s(at)
    covered = np.clip((epoch_s(at) - start_s) / QUARTER_S, 0.0, 1.0)
    return QuarterEnergies(start_s, power_w / 4.0 * covered, covered, np.zeros_like(start_s), ())


def with_power(energies: QuarterEnergies, start: datetime, power_w: float | None) -> QuarterEnergies:
    """The same with another power in one quarter-hour; None: it is not known."""
    here = energies.start_s == epoch_s(start)
    assert here.sum() == 1, start
    covered = np.where(here & (power_w is None), 0.0, energies.covered_ratio)
    energy_wh = np.where(here, np.nan if power_w is None else power_w / 4.0, energies.energy_wh)
    return QuarterEnergies(energies.start_s, energy_wh, covered, energies.from_power_ratio, ())


def facts(quarters: Mapping[str, QuarterEnergies] | None = None, **changed: Any) -> SiteFacts:
    """The site's facts, with what a test changes; the document is changed by `site`."""
    values: dict[str, Any] = {
        "site": Site.model_validate(SITE),
        "at": AT,
        "charges": {},
        "quarters": quarters or {},
        "transactions": (),
        "past_sessions": (),
        "price_days": (),
        "options": PlanOptions(),
    }
    return SiteFacts(**(values | changed))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2026 in Brussels."""
    return datetime(2026, 6, day, hour, minute, tzinfo=BRUSSELS)


WEEK = timedelta(days=7)
