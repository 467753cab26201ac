"""A site with a February behind it: a steady load with one high hour, and a car whose energy needs 10 kW."""

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from kwartier.service.measurement_row import MeasurementRow, epoch_us
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.site.transaction import Transaction
from kwartier.testing.contracts.examples import a_draft
from tests.control.sites import four_wire, pole, series
from tests.service.test_plan_in_turn import ALPHA, FIXED_PRICE
from tests.services.described import ports_in_memory

KEY = ("alpha", "hall")
# February 2026 in Belgium, whose quarter-hours are 2,688.
FIRST, END = datetime(2026, 1, 31, 23, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
COUNT = 2_688
LOAD_W, HIGH_W = 4_000.0, 12_000.0
# 20 kWh in two hours are 10 kW, which with the load are the month's least peak.
ARRIVAL, STAY, CHARGED_WH = datetime(2026, 2, 12, 8, tzinfo=UTC), timedelta(hours=2), 20_000.0
LEAST_PEAK_W = LOAD_W + 10_000.0
DOCUMENT: dict[str, Any] = {
    "site_id": "hall",
    "name": "Hall",
    "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
    "country": "BE",
    "active": True,
    "configurations": {
        "site_configuration": {
            "collector_list": [four_wire("main", 100)],
            "device_list": [pole("pole"), series("house", "load", 63)],
        },
        "optimization_configuration": {
            "cost_minimization_active": True,
            "peak_minimization": {"active": True},
        },
        "contract": FIXED_PRICE,
        "dso": {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
    },
}


def a_site(**configurations: Any) -> Ports:
    """The site in memory, with other parts of its configurations where they are named; nothing measured yet."""
    ports = ports_in_memory()
    ports.partners.add(ALPHA)
    document = {**DOCUMENT, "configurations": {**DOCUMENT["configurations"], **configurations}}
    assert ports.sites.create(replace(a_draft(ALPHA, "hall"), document=document)) is not None
    return ports


def load_w() -> np.ndarray[Any, np.dtype[np.float64]]:
    """The load of each quarter-hour of February and the first hours of March."""
    power_w = np.full(COUNT + 32, LOAD_W)
    power_w[800:804] = HIGH_W
    return power_w


def measure(
    ports: Ports,
    silent: Mapping[str, Container[int]] | None = None,
    names: tuple[str, ...] = ("main", "house"),
) -> None:
    """Readings at the ends of all quarter-hours; those of the named ranges of an asset were never sent."""
    totals_wh = np.concatenate(([0.0], np.cumsum(load_w() / 4.0)))
    for name in names:
        quiet = (silent or {}).get(name, range(0))
        rows = [
            MeasurementRow(*KEY, name, at_us, at_us, float(total_wh), LOAD_W, None, None)
            for number, total_wh in enumerate(totals_wh)
            if number not in quiet
            for at_us in [epoch_us(FIRST + number * QUARTER)]
        ]
        assert not isinstance(ports.measurement_writer.submit(rows), QueueFull)


def charge(ports: Ports, **changed: Any) -> None:
    """The car that came and left."""
    told: dict[str, Any] = {
        "asset_id": "pole",
        "transaction_id": "tx-1",
        "timestamp": ARRIVAL + STAY,
        "transaction_state": "Ended",
        "start_time": ARRIVAL,
        "stop_time": ARRIVAL + STAY,
        "energy_charged": CHARGED_WH,
        "max_power": 22_080.0,
    }
    message = Transaction.model_validate(told | changed)
    ports.transactions.keep(*KEY, message, ARRIVAL + STAY)
