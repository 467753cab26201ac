"""Prices of a day as a source delivers them, and the judgement whether they are one: never repaired, never shifted."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kwartier.site.finding import Finding
from kwartier.tariffs.day_ahead.market_day import (
    PriceResolution,
    allowed_resolutions,
    day_end,
    day_start,
    step_starts,
)
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.instant import format_instant

# SDAC's harmonised minimum is -500 EUR/MWh and its maximum +4,000 in 2025; the maximum rises by 1,000 each time that
# prices come near it (ACER decision 01-2023). Ten such rises are allowed for; a price beyond is a mistaken unit.
LEAST_EUR_PER_MWH, MOST_EUR_PER_MWH = -500.0, 14_000.0

# As many faults of one kind are shown by name; the count says how many there are.
_SHOWN_COUNT = 3

# Quarter-hours of the hour by which series get shifted, and how many must differ before that can be told from a
# correction of a few: three hours of which one may be the gap that the shift leaves.
_HOUR_STEPS = 4
_LEAST_SHIFTED_COUNT = 12


@dataclass(frozen=True)
class PricePoint:
    """One price as delivered: the start of its step, EUR/MWh."""

    start: datetime
    eur_per_mwh: float


@dataclass(frozen=True)
class Delivery:
    """What a source says the prices of a day are, in whatever order and completeness it says it."""

    bidding_zone: str
    day: date
    resolution: PriceResolution
    points: tuple[PricePoint, ...]


def judge_delivery(
    delivery: Delivery, *, known_at: datetime, source: str, earlier: PriceDay | None = None
) -> PriceDay | list[Finding]:
    """The day's prices, or everything that is wrong with the delivery.

    Right is exactly one finite price within the market's limits for each step of the day. `earlier` is what was known
    of the day so far: the same prices an hour off are a shifted series, as from 02:00 on 2025-10-26 in Belgium
    (EnergieID/entsoe-py issue 468).
    """
    findings = [*_resolution(delivery), *_steps(delivery), *_values(delivery)]
    if findings:
        return findings
    in_order = sorted(delivery.points, key=lambda point: point.start)
    prices_eur_per_mwh = tuple(point.eur_per_mwh for point in in_order)
    made = PriceDay(
        delivery.bidding_zone, delivery.day, delivery.resolution, prices_eur_per_mwh, known_at, source
    )
    return list(_shifted(made, earlier)) or made


def _resolution(delivery: Delivery) -> Iterator[Finding]:
    allowed = allowed_resolutions(delivery.day)
    if delivery.resolution not in allowed:
        yield _finding(
            "prices.resolution",
            delivery,
            f"has prices per {delivery.resolution}; the market trades quarter-hours since 2025-10-01, deliver PT15M",
            observed=delivery.resolution,
            allowed=list(allowed),
        )


def _steps(delivery: Delivery) -> Iterator[Finding]:
    expected = step_starts(delivery.day, delivery.resolution)
    counts = Counter(point.start for point in delivery.points)
    if len(delivery.points) != len(expected):
        yield _finding(
            "prices.count",
            delivery,
            f"has {len(delivery.points)} prices where the day takes {len(expected)}; deliver one for each step",
            observed=len(delivery.points),
            allowed=len(expected),
        )
    twice = [moment for moment, count in counts.items() if count > 1]
    foreign = [moment for moment in counts if moment not in set(expected)]
    missing = [moment for moment in expected if moment not in counts]
    begins, ends = format_instant(day_start(delivery.day)), format_instant(day_end(delivery.day))
    for rule, moments, what in (
        ("prices.duplicate", twice, "has more than one price for"),
        ("prices.outside_day", foreign, "has prices that start at no step of the day:"),
        ("prices.missing", missing, "has no price for"),
    ):
        if moments:
            words = f"{what} {_shown(moments)}; the day's steps of {delivery.resolution} run from {begins} to {ends}"
            yield _finding(rule, delivery, words, observed=len(moments), allowed=0)


def _values(delivery: Delivery) -> Iterator[Finding]:
    beyond = [
        point
        for point in delivery.points
        if not math.isfinite(point.eur_per_mwh)
        or not LEAST_EUR_PER_MWH <= point.eur_per_mwh <= MOST_EUR_PER_MWH
    ]
    if beyond:
        moments = [point.start for point in beyond]
        yield _finding(
            "prices.beyond_market",
            delivery,
            f"has prices that the market cannot give, at {_shown(moments)}; deliver EUR/MWh",
            observed=len(beyond),
            allowed=f"{LEAST_EUR_PER_MWH:g} to {MOST_EUR_PER_MWH:g} EUR/MWh",
        )


def _shifted(made: PriceDay, earlier: PriceDay | None) -> Iterator[Finding]:
    """A finding where what differs from the earlier prices are those prices an hour off, but for one hour's gap."""
    if earlier is None or earlier.day != made.day:
        return
    now, before = made.quarter_hours_eur_per_mwh, earlier.quarter_hours_eur_per_mwh
    differing = [index for index, pair in enumerate(zip(now, before, strict=True)) if pair[0] != pair[1]]
    if len(differing) < _LEAST_SHIFTED_COUNT:
        return
    for hour_count in (-1, 1):
        old = [index - _HOUR_STEPS * hour_count for index in differing]
        same = [
            new
            for new, at in zip(differing, old, strict=True)
            if 0 <= at < len(before) and now[new] == before[at]
        ]
        if len(same) >= len(differing) - _HOUR_STEPS:
            yield Finding(
                rule="prices.shifted",
                severity="ERROR",
                path="$",
                message=f"{made.bidding_zone} {made.day.isoformat()} has the prices of {earlier.source} moved by "
                f"{hour_count:+d} h; compare with the exchange and deliver each at its own time",
                observed=f"{hour_count:+d} h",
                allowed="the prices that were known, or others",
            )


def _shown(moments: list[datetime]) -> str:
    named = ", ".join(format_instant(moment) for moment in sorted(moments)[:_SHOWN_COUNT])
    rest = len(moments) - _SHOWN_COUNT
    return named if rest <= 0 else f"{named} and {rest} more"


def _finding(rule: str, delivery: Delivery, words: str, *, observed: object, allowed: object) -> Finding:
    message = f"{delivery.bidding_zone} {delivery.day.isoformat()} {words}"
    return Finding(rule, "ERROR", "$", message, observed, allowed)
