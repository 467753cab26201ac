"""Cars that are likely to come: the mean arrivals of the last four weeks per hour of like days, as weighted sessions.

Planning them as flexible sessions took a quarter off the regret of plans that ignore them (closed_loop.md).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from itertools import cycle
from math import ceil
from statistics import median

import numpy as np

from kwartier.forecasting.charging_session import PastSession
from kwartier.forecasting.like_days import day_kind_numbers
from kwartier.forecasting.power_history import BoolArray, FloatArray, IntArray
from kwartier.units.local_quarters import local_days_and_quarters

# closed_loop.md, point 2.
MEMORY_DAYS = 28
HOUR_S, DAY_S = 3600, 86_400
# Hours are gathered until a car is this likely: fewer and larger sessions keep the programme small.
LEAST_WEIGHT = 0.25
_SATURDAY = 5


@dataclass(frozen=True)
class ExpectedArrival:
    """A car that is likely to come: when, until when (epoch seconds), for how much (Wh), and how likely (0 to 1]."""

    pole: str
    start_s: float
    departure_s: float
    energy_wh: float
    weight: float
    source: str


@dataclass(frozen=True)
class _Past:
    """Sessions of the last weeks on the local calendar, arrays of shape (n,)."""

    hour: IntArray
    is_rest_day: BoolArray
    stay_s: FloatArray
    energy_wh: FloatArray
    days_count: dict[bool, int]

    @cached_property
    def like_hour(self) -> "dict[tuple[int, bool], _LikeHour]":
        """Each hour of each kind of day in which cars came."""
        numbers = self.hour + 24 * self.is_rest_day
        order = np.argsort(numbers, kind="stable")
        present, first = np.unique(numbers[order], return_index=True)
        groups = zip(present.tolist(), np.split(order, first[1:]), strict=True)
        return {
            (number % 24, number >= 24): self._mean_of(rows, self.days_count[number >= 24])
            for number, rows in groups
        }

    def _mean_of(self, rows: IntArray, days_count: int) -> "_LikeHour":
        energies_wh = self.energy_wh[rows]
        known_wh = energies_wh[~np.isnan(energies_wh)]
        return _LikeHour(
            len(rows) / max(1, days_count),
            median(self.stay_s[rows].tolist()),
            float(known_wh.sum() / len(known_wh)) if len(known_wh) else 0.0,
        )


@dataclass(frozen=True)
class _LikeHour:
    """The cars of an hour of a kind of day: how many came per day, how long one stays and what it takes."""

    cars_per_day: float
    stay_s: float
    energy_wh: float


@dataclass(frozen=True)
class _Expected:
    """A car, or several: when it comes (epoch seconds), how long it stays, what it takes, how likely or how many."""

    start_s: float
    stay_s: float
    energy_wh: float
    weight: float


def expected_arrivals(
    at_s: float,
    end_s: float,
    past: Sequence[PastSession],
    poles: Sequence[str],
    timezone: tzinfo,
    country: str | None = None,
) -> list[ExpectedArrival]:
    """The cars that are likely to arrive between two moments, by start; none before sessions are known.

    `past` holds sessions that are over, `poles` those at which cars may be planned. Expected cars take the poles in
    turn, the busiest first: which one a car will take nobody knows, and the turn spreads them over the boards.
    """
    oldest_s, known_poles = at_s - MEMORY_DAYS * DAY_S, set(poles)
    recent = [
        one
        for one in past
        if oldest_s <= one.start_s < at_s and one.start_s <= one.stop_s and one.pole in known_poles
    ]
    if not recent:
        return []
    known = _on_calendar(recent, at_s, timezone, country)
    visits = Counter(one.pole for one in recent)
    in_turn = cycle(sorted(poles, key=lambda pole: (-visits[pole], pole)))
    source = f"mean arrivals of like days among the last {MEMORY_DAYS}, of {len(recent)} sessions"
    return [
        ExpectedArrival(
            next(in_turn), one.start_s, one.start_s + one.stay_s, one.energy_wh, one.weight, source
        )
        for one in _arrivals(at_s, end_s, known, timezone, country)
    ]


def _on_calendar(recent: Sequence[PastSession], at_s: float, timezone: tzinfo, country: str | None) -> _Past:
    starts_s = np.array([one.start_s for one in recent])
    days, quarters = local_days_and_quarters(starts_s.astype(np.int64), timezone)
    first_day, last_day = (
        int(local_days_and_quarters(np.array([moment_s], dtype=np.int64), timezone)[0][0])
        for moment_s in (starts_s.min(), at_s)
    )
    # The day that runs is not over; the first day counts as whole, which a site's first four weeks only see.
    watched = np.arange(first_day, max(first_day + 1, last_day), dtype=np.int64)
    is_rest_day = day_kind_numbers(watched, country) >= _SATURDAY
    energies_wh = np.array([np.nan if one.energy_wh is None else one.energy_wh for one in recent])
    return _Past(
        quarters // 4,
        day_kind_numbers(days, country) >= _SATURDAY,
        np.array([one.stop_s - one.start_s for one in recent]),
        energies_wh,
        {kind: int(np.count_nonzero(is_rest_day == kind)) for kind in (False, True)},
    )


def _arrivals(
    at_s: float, end_s: float, known: _Past, timezone: tzinfo, country: str | None
) -> Iterator[_Expected]:
    """The expected cars; what is left at the end and makes less than `LEAST_WEIGHT` of a car is not planned."""
    gathered: list[_Expected] = []
    for hour in _hours(at_s, end_s, known, timezone, country):
        gathered.append(hour)
        if sum(one.weight for one in gathered) >= LEAST_WEIGHT:
            yield from _cars(gathered)
            gathered = []


def _cars(gathered: list[_Expected]) -> list[_Expected]:
    """As many cars as it takes for none to weigh more than one, all alike: the mean of what was gathered."""
    weights = np.array([one.weight for one in gathered]).reshape(-1, 1)
    values = np.array([(one.start_s, one.stay_s, one.energy_wh) for one in gathered])
    start_s, stay_s, energy_wh = ((values * weights).sum(axis=0) / weights.sum(axis=0)).tolist()
    weight = sum(one.weight for one in gathered)
    cars_count = ceil(weight)
    return [_Expected(start_s, stay_s, energy_wh, weight / cars_count)] * cars_count


def _hours(
    at_s: float, end_s: float, known: _Past, timezone: tzinfo, country: str | None
) -> Iterator[_Expected]:
    """Each hour, or its part between the two moments, in which cars came on like days: its middle and their mean."""
    starts_s = np.arange(at_s // HOUR_S * HOUR_S, end_s, HOUR_S, dtype=np.float64)
    days, quarters = local_days_and_quarters(starts_s.astype(np.int64), timezone)
    is_rest_day = day_kind_numbers(days, country) >= _SATURDAY
    for start_s, hour, is_rest in zip(
        starts_s.tolist(), (quarters // 4).tolist(), is_rest_day.tolist(), strict=True
    ):
        like = known.like_hour.get((hour, is_rest))
        if like is None:
            continue
        from_s, to_s = max(start_s, at_s), min(start_s + HOUR_S, end_s)
        weight = like.cars_per_day * (to_s - from_s) / HOUR_S
        yield _Expected((from_s + to_s) / 2.0, like.stay_s, like.energy_wh, weight)
