"""What the demo's cars did on the days before: its two days again and again, charged as a plan without battery has it.

A quarter-hour of the past has what the data have 48 hours, or a multiple of them, later or earlier by the site's clock.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from kwartier.demo import demo_request_json
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.site.transaction import Transaction

ZONE = ZoneInfo("Europe/Brussels")
QUARTER = timedelta(minutes=15)
CYCLE = timedelta(days=2)
CYCLE_QUARTERS = 192


@dataclass(frozen=True)
class PastSession:
    """A car at a pole from `start` until `stop`, whole quarter-hours in UTC, and its mean power in each of them, W."""

    told: Transaction
    start: datetime
    stop: datetime
    power_w: Sequence[float]

    def ended(self, number: int) -> Transaction:
        """What its pole said when it left; `number` tells it from the same car of other days."""
        energy_wh = sum(self.power_w) / 4
        return self.told.model_copy(
            update={
                "transaction_id": f"{self.told.transaction_id}-{number}",
                "transaction_state": "Ended",
                "timestamp": self.stop,
                "start_time": self.start,
                "stop_time": self.stop,
                "departure_time": self.stop,
                "requested_energy": energy_wh,
                "energy_charged": energy_wh,
                "minimum_energy": None,
            }
        )


def past_sessions(since: datetime, at: datetime, here: Sequence[Transaction]) -> list[PastSession]:
    """The sessions from `since` on that had ended at a moment; at a pole of a car of `here` only those before it."""
    began = {car.asset_id: car.start_time for car in here if car.start_time <= at}
    found = []
    for window in _windows(since, at):
        for told, first, power_w in _sessions():
            start = _moment(window + first * QUARTER)
            stop = _moment(window + (first + len(power_w)) * QUARTER)
            is_over = since <= start and stop <= min(at, began.get(told.asset_id, at))
            if is_over and stop - start == len(power_w) * QUARTER:  # not across a change of the clock
                found.append(PastSession(told, start, stop, power_w))
    return found


def data_quarter_index(moment: datetime, today: datetime) -> int:
    """Which quarter-hour of the data a moment has, 0 to 191, where `today` is the data's first day."""
    elapsed = moment.astimezone(ZONE).replace(tzinfo=None) - _begin(today)
    return int(elapsed // QUARTER) % CYCLE_QUARTERS


def _begin(today: datetime) -> datetime:
    """When the data's first quarter-hour begins on a day, by the site's clock, without a zone."""
    first = request().at.astimezone(ZONE)
    return today.astimezone(ZONE).replace(
        tzinfo=None, hour=first.hour, minute=first.minute // 15 * 15, second=0, microsecond=0
    )


def _windows(since: datetime, at: datetime) -> Iterator[datetime]:
    """When the data's two days begin, again and again, back to the past's first; by the site's clock."""
    begin, first = _begin(at), since.astimezone(ZONE).replace(tzinfo=None)
    while begin + CYCLE > first:
        yield begin
        begin -= CYCLE


def _moment(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


@cache
def request() -> PlanRequest:
    """The demo's request."""
    return PlanRequest.model_validate_json(demo_request_json())


@cache
def _sessions() -> list[tuple[Transaction, int, list[float]]]:
    """Each car that takes something in the two days: its first quarter-hour there, and its power until it leaves, W."""
    document = json.loads(demo_request_json())
    configuration = document["site"]["configurations"]["site_configuration"]
    configuration["device_list"] = [
        device
        for device in configuration["device_list"]
        if device.get("type") != "battery_energy_storage_system"
    ]
    document["state"]["batteries"] = {}
    made = plan(PlanRequest.model_validate(document))
    cars = {car.transaction_id: car for car in request().transactions}
    found: dict[str, tuple[Transaction, int, list[float]]] = {}
    for device in made.devices.values():
        here = device.transaction_id or []
        for number, transaction_id in enumerate(here[:CYCLE_QUARTERS]):
            if transaction_id is not None:
                _, first, power_w = found.setdefault(
                    transaction_id, (cars[transaction_id], number, list[float]())
                )
                mean_w = device.power_w[number] * made.steps[number].hours * 4
                power_w.extend([0.0] * (number - first - len(power_w)) + [mean_w])
    return [one for one in found.values() if sum(one[2]) > 0]
