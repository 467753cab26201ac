"""The demo's real data, moved by whole days so that its first day is today: prices, cars, and what was measured before.

Clock times stay what they were. A quarter-hour of a day before the data, or behind them, has the value of the data's
day with the same number, in turns.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kwartier.demo import demo_request_json
from kwartier.planning.request import PlanRequest, SeriesForecast
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction

ZONE = ZoneInfo("Europe/Brussels")
QUARTER = timedelta(minutes=15)
DAY_QUARTERS = 96
# The hour from 02:00 that a day of 92 quarter-hours lacks and one of 100 has twice.
CHANGED_HOUR = slice(8, 12)
# A week and a day, so that every forecaster has seen each day of the week.
MEASURED_DAYS = 8
GRID_METER = "grid_connection"
PRICE_DAYS = 2
# Just before the first cars come.
FIRST_HOUR = 7


@dataclass(frozen=True)
class MovedDemo:
    """The demo's data around a moment."""

    at: datetime

    @property
    def site(self) -> dict[str, Any]:
        """The site document."""
        site: dict[str, Any] = json.loads(demo_request_json())["site"]
        return site | {"active": True}

    @property
    def today(self) -> date:
        """The local day of the moment."""
        return self.at.astimezone(ZONE).date()

    def prices(self) -> tuple[datetime, list[float]]:
        """The start of today, and the prices of today and tomorrow, EUR/MWh."""
        days = [self.today + timedelta(days=number) for number in range(PRICE_DAYS)]
        by_day = _request().day_ahead
        assert by_day is not None  # noqa: S101  # the demo has them
        prices = [
            price
            for number, day in enumerate(days)
            for price in _fitted(by_day.eur_per_mwh[number * DAY_QUARTERS :][:DAY_QUARTERS], day)
        ]
        return _midnight(self.today), prices

    def transactions(self) -> Iterator[Transaction]:
        """The cars of today and tomorrow that have not left."""
        request = _request()
        shift = timedelta(days=(self.today - request.at.astimezone(ZONE).date()).days)
        for told in request.transactions:
            departure = told.departure_time
            if departure is None or departure + shift <= self.at:
                continue
            moved = {"start_time": told.start_time + shift, "departure_time": departure + shift}
            yield told.model_copy(update={**moved, "timestamp": self.at})

    def measurements(self) -> Iterator[Measurement]:
        """Eight days of quarter-hours of the sun, the building and the grid connection; the battery and cars of now."""
        totals_wh: dict[str, float] = {}
        before: datetime | None = None
        for moment in self._moments():
            hours = (QUARTER if before is None else moment - before) / timedelta(hours=1)
            before = moment
            power_w = {name: _power_w(series, moment) for name, series in _request().forecasts.items()}
            power_w[GRID_METER] = sum(power_w.values())
            for name, mean_w in power_w.items():
                totals_wh[name] = totals_wh.get(name, 1e6) + mean_w * hours
                yield _measurement(name, moment, totals_wh[name], mean_w)
        yield _measurement("battery", self.at, 1e6, 0.0, _charge())
        for pole in sorted({car.asset_id for car in self.transactions() if car.start_time <= self.at}):
            yield _measurement(pole, self.at, 1e6, 0.0)

    def _moments(self) -> Iterator[datetime]:
        """Every quarter-hour of the days before, and the moment itself."""
        last = self.at.replace(minute=self.at.minute // 15 * 15, second=0, microsecond=0)
        for number in range(MEASURED_DAYS * DAY_QUARTERS, -1, -1):
            yield last - number * QUARTER
        if last != self.at:
            yield self.at


def first_moment(today: date) -> datetime:
    """When there is most to see from on: the morning of a day, before the first cars come; in UTC."""
    return datetime(today.year, today.month, today.day, FIRST_HOUR, tzinfo=ZONE).astimezone(UTC)


@cache
def _request() -> PlanRequest:
    return PlanRequest.model_validate_json(demo_request_json())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def _fitted(values: list[Any], day: date) -> list[Any]:
    """The values of 96 quarter-hours for a day of 92, 96 or 100."""
    length = _midnight(day + timedelta(days=1)).timestamp() - _midnight(day).timestamp()
    count = round(length / QUARTER.total_seconds())
    if count < DAY_QUARTERS:
        return values[: CHANGED_HOUR.start] + values[CHANGED_HOUR.stop :]
    return (
        values[: CHANGED_HOUR.stop]
        + values[CHANGED_HOUR] * (count > DAY_QUARTERS)
        + values[CHANGED_HOUR.stop :]
    )


def _power_w(series: SeriesForecast, moment: datetime) -> float:
    """What the series has at this clock time: the mean of the quarter-hour, W, all phases together."""
    local = moment.astimezone(ZONE)
    start = series.start.astimezone(ZONE)
    of_day = timedelta(hours=local.hour, minutes=local.minute // 15 * 15)
    first = timedelta(hours=start.hour, minutes=start.minute)
    elapsed = (of_day - first) % timedelta(days=1)
    length = timedelta(minutes=30 if series.resolution == "PT30M" else 15)
    step = int(elapsed / length)
    day_steps = int(timedelta(days=1) / length)
    values = series.power_w
    phases = list(values.values()) if isinstance(values, dict) else [values]
    count = len(phases[0])
    later = step + day_steps * (local.toordinal() % 2)
    return float(sum(phase[later if later < count else step] or 0.0 for phase in phases))


def _charge() -> float | None:
    return _request().state.batteries["battery"].state_of_charge


def _measurement(
    asset_id: str, at: datetime, energy_total_wh: float, power_w: float, charge_percent: float | None = None
) -> Measurement:
    told: dict[str, Any] = {"asset_id": asset_id, "timestamp": at.isoformat()}
    told |= {"energy_value": energy_total_wh, "power_value": power_w}
    return Measurement.model_validate(told | {"current_state_of_charge": charge_percent})
