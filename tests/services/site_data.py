"""A site with everything measured: what a plan, a forecast, a bill and the status of a site are made from."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from kwartier.adapters.http.prices.documents import EXAMPLE_PRICES
from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.measurement_row import epoch_us, measurement_row
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction

SITE_ID = "brussels-hub"
# Steady powers, W: what the grid's meter shows is the sum of the rest.
POWER_W = {"roof": -8_000.0, "battery": 2_000.0, "main": 14_000.0}


def example_site(**fields: Any) -> dict[str, Any]:
    """The example of the description, with other fields."""
    return {**deepcopy(EXAMPLE_SITE), **fields}


def prices_from(day: datetime, count: int) -> dict[str, Any]:
    """The example's prices for so many days from a midnight on, all of 96 quarter-hours."""
    return EXAMPLE_PRICES | {"start": day.isoformat(), "eur_per_mwh": EXAMPLE_PRICES["eur_per_mwh"] * count}


def measured(
    ports: Ports,
    partner_id: str,
    site_id: str,
    until: datetime,
    *,
    hours: float = 26.0,
    power_w: dict[str, float] = POWER_W,
    state_of_charge: float = 50.0,
    now: datetime | None = None,
) -> None:
    """Readings of steady powers every five minutes, the last one at `until`; received then, or `now`."""
    count = int(hours * 12) + 1
    rows = [
        measurement_row(partner_id, site_id, reading, epoch_us(now or until))
        for name, steady_w in power_w.items()
        for reading in _steady(name, steady_w, until, count, state_of_charge)
    ]
    written = ports.measurement_writer.submit(rows)
    assert not isinstance(written, QueueFull)
    assert set(written.result(30)) == {"stored"}


def _steady(
    name: str, steady_w: float, until: datetime, count: int, state_of_charge: float
) -> Sequence[Measurement]:
    return [
        Measurement(
            asset_id=name,
            timestamp=until - timedelta(minutes=5 * (count - 1 - number)),
            # A running total rises in either direction.
            energy_value=1_000_000.0 + abs(steady_w) / 12.0 * number,
            power_value=steady_w,
            current_state_of_charge=state_of_charge if name == "battery" else None,
        )
        for number in range(count)
    ]


def a_car(at: datetime, **changed: Any) -> Transaction:
    """A car at the example's pole that came an hour ago and leaves in nine."""
    told: dict[str, Any] = {
        "asset_id": "pole_1",
        "transaction_id": "tx-1",
        "timestamp": at.isoformat(),
        "transaction_state": "Updated",
        "start_time": (at - timedelta(hours=1)).isoformat(),
        "departure_time": (at + timedelta(hours=9)).isoformat(),
        "requested_energy": 20_000.0,
    }
    return Transaction.model_validate(told | changed)
