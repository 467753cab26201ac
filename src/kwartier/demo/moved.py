"""The demo's real data, moved by whole days so that its first day is today: prices, cars, and what was measured before.

Clock times stay what they were. A quarter-hour of a day before the data, or behind them, has the value of the data's
day with the same number, in turns.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from kwartier.demo import demo_request_json
from kwartier.demo.past_days import QUARTER, ZONE, PastSession, data_quarter_index, past_sessions, request
from kwartier.planning.request import SeriesForecast
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction
from kwartier.units.local_clock import days_later

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
        return _midnight(self.today), [price for day in days for price in self._prices_of(day)]

    def transactions(self) -> Iterator[Transaction]:
        """The cars of today and tomorrow that have not left."""
        data = request()
        days_count = (self.today - data.at.astimezone(ZONE).date()).days
        for told in data.transactions:
            if told.departure_time is None:
                continue
            start, departure = (
                days_later(moment, days_count, ZONE) for moment in (told.start_time, told.departure_time)
            )
            if departure > self.at:
                moved = {"start_time": start, "departure_time": departure, "timestamp": self.at}
                yield told.model_copy(update=moved)

    @property
    def since(self) -> datetime:
        """When the past begins: with the month, or eight days ago where the month is younger."""
        last = self.at.replace(minute=self.at.minute // 15 * 15, second=0, microsecond=0)
        return min(
            last - MEASURED_DAYS * DAY_QUARTERS * QUARTER,
            _midnight(self.today.replace(day=1)).astimezone(UTC),
        )

    @cached_property
    def past_sessions(self) -> list[PastSession]:
        """The cars that have left."""
        return past_sessions(self.since, self.at, list(self.transactions()))

    def past_transactions(self) -> Iterator[Transaction]:
        """What the poles said of them."""
        for number, session in enumerate(self.past_sessions):
            yield session.ended(number)

    def past_prices(self) -> tuple[datetime, list[float]]:
        """The prices of the days before today, EUR/MWh, and their start."""
        first = self.since.astimezone(ZONE).date()
        days = [first + timedelta(days=number) for number in range((self.today - first).days)]
        return _midnight(first), [price for day in days for price in self._prices_of(day)]

    def _prices_of(self, day: date) -> list[float]:
        """Those of the data's first or second day, in turns."""
        known = request().day_ahead
        assert known is not None  # noqa: S101  # the demo has them
        first = (day - self.today).days % PRICE_DAYS * DAY_QUARTERS
        return _fitted(known.eur_per_mwh[first : first + DAY_QUARTERS], day)

    def measurements(self) -> Iterator[Measurement]:
        """Quarter-hours of the sun, the building, the cars and the grid connection; the battery of the last day."""
        totals_wh: dict[str, float] = {}
        power_w_by_pole = self._power_w_by_pole()
        before: datetime | None = None
        cars_w: dict[str, float] = {}
        for moment in self._moments():
            power_w = {
                name: 0.0 if before is None else _power_w(series, data_quarter_index(before, self.at))
                for name, series in request().forecasts.items()
            }
            cars_w = {
                pole: told.get(before, 0.0) if before else 0.0
                for pole, told in power_w_by_pole.items()
                if before in told or moment in told
            }
            power_w |= cars_w
            power_w[GRID_METER] = sum(power_w.values())
            hours = 0.25 if before is None else (moment - before) / timedelta(hours=1)
            for name, mean_w in power_w.items():
                totals_wh[name] = totals_wh.get(name, 1e6) + mean_w * hours
                yield _measurement(name, moment, totals_wh[name], mean_w)
            before = moment
        yield from self._battery()
        here = {car.asset_id for car in self.transactions() if car.start_time <= self.at}
        for pole in sorted(here - cars_w.keys()):
            yield _measurement(pole, self.at, totals_wh.get(pole, 1e6), 0.0)

    def _power_w_by_pole(self) -> dict[str, dict[datetime, float]]:
        """What each pole gave in each quarter-hour in which a car was there that has left, W; by its beginning."""
        found: dict[str, dict[datetime, float]] = {}
        for session in self.past_sessions:
            told = found.setdefault(session.told.asset_id, {})
            told |= {session.start + n * QUARTER: power_w for n, power_w in enumerate(session.power_w)}
        return found

    def _battery(self) -> Iterator[Measurement]:
        """It has rested since the past began, and told so at its beginning and in the last day."""
        for moment in (self.since, *(self.at - number * QUARTER for number in range(DAY_QUARTERS, -1, -1))):
            yield _measurement("battery", moment, 1e6, 0.0, _charge())

    def _moments(self) -> Iterator[datetime]:
        """Every quarter-hour of the past, and the moment itself."""
        last = self.at.replace(minute=self.at.minute // 15 * 15, second=0, microsecond=0)
        for number in range(int((last - self.since) / QUARTER), -1, -1):
            yield last - number * QUARTER
        if last != self.at:
            yield self.at


def first_moment(today: date) -> datetime:
    """When there is most to see from on: the morning of a day, before the first cars come; in UTC."""
    return datetime(today.year, today.month, today.day, FIRST_HOUR, tzinfo=ZONE).astimezone(UTC)


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


def _power_w(series: SeriesForecast, quarter: int) -> float:
    """What the series has in a quarter-hour of the data: the mean, W, all phases together."""
    values = series.power_w
    phases = list(values.values()) if isinstance(values, dict) else [values]
    steps_count = 2 if series.resolution == "PT30M" else 1
    skipped = (request().at.astimezone(UTC) - series.start) // QUARTER
    step = min((quarter + skipped) // steps_count, len(phases[0]) - 1)
    return float(sum(phase[step] or 0.0 for phase in phases))


def _charge() -> float | None:
    return request().state.batteries["battery"].state_of_charge


def _measurement(
    asset_id: str, at: datetime, energy_total_wh: float, power_w: float, charge_percent: float | None = None
) -> Measurement:
    told: dict[str, Any] = {"asset_id": asset_id, "timestamp": at.isoformat()}
    told |= {"energy_value": energy_total_wh, "power_value": power_w}
    return Measurement.model_validate(told | {"current_state_of_charge": charge_percent})
