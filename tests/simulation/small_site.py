"""A small recorded site: two poles of 32 A on a board of 40 A, a battery, a flat load, dear and cheap hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.car import Car
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.site.document import Site
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay

# Midnight in Brussels.
START = datetime(2026, 2, 28, 23, tzinfo=UTC)
DAY = timedelta(days=1)
LOAD_W = 3_000.0


def period(days: float = 1.0) -> Period:
    """So many days from the start on."""
    return Period(START, START + days * DAY)


def site_document(battery: bool = True, **optimisation: Any) -> dict[str, Any]:
    """The site document as JSON; `optimisation` adds to or replaces its optimisation settings."""
    pins = ["pin1", "pin2", "pin3"]
    poles = [
        {
            "name": name,
            "collector": "board",
            "type": "charging_pole_3phase",
            "line_current": 32,
            "pin_to_phase_mapping": {"pin_list": pins, "phase_list": ["L1", "L2", "L3"]},
        }
        for name in ("left", "right")
    ]
    store = {
        "name": "battery",
        "collector": "grid",
        "type": "battery_energy_storage_system",
        "maximum_charging_power": 5_000,
        "maximum_discharging_power": 5_000,
        "operational_battery_capacity": 10_000,
    }
    load = {
        "name": "building",
        "collector": "grid",
        "type": "forecasted_series_3phase",
        "line_current": 63,
        "forecast_type": "load",
    }
    return {
        "site_id": "small",
        "name": "Small",
        "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
        "country": "BE",
        "configurations": {
            "site_configuration": {
                "device_list": [*poles, *([store] if battery else []), load],
                "collector_list": [
                    {"name": "grid", "line_current": 63, "phase_voltage": 230, "children": ["board"]},
                    {"name": "board", "line_current": 40},
                ],
            },
            "optimization_configuration": {"planning_horizon": "P1D", **optimisation},
            "contract": {"contract_type": "dynamic"},
        },
    }


def car(pole: str, arrival_h: float, departure_h: float, **changes: Any) -> Car:
    """A three-phase car of 11.04 kW (16 A) that wants 11.04 kWh, at hours of the first day."""
    arrival, departure = (START + timedelta(hours=hour) for hour in (arrival_h, departure_h))
    made = Car(f"{pole}-{arrival_h}", pole, arrival, departure, 11_040.0, 11_040.0, 3, taper_share=0.0)
    return replace(made, **changes)


def prices(days: int = 3) -> tuple[PriceDay, ...]:
    """100 EUR/MWh by day, 20 in the last six hours of each day."""
    first = market_day_of(START)
    return tuple(
        PriceDay(
            "BE", day, "PT15M", (*[100.0] * 72, *[20.0] * 24), day_start(day) - timedelta(hours=11), "made"
        )
        for day in (first + timedelta(days=number) for number in range(-1, days))
    )


def recorded(*cars: Car, battery: bool = True, days_before: int = 1, **optimisation: Any) -> RecordedSite:
    """The site with these cars; its load is known from so many days before the start on."""
    first_s = int((START - days_before * DAY).timestamp())
    load = PowerHistory(first_s, np.full(96 * (days_before + 3), LOAD_W))
    site = Site.model_validate(site_document(battery, **optimisation), strict=False)
    return RecordedSite(site, {"building": load}, cars, prices())
