from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kwartier.tariffs.day_ahead.delivery import Delivery, PricePoint, judge_delivery
from kwartier.tariffs.day_ahead.market_day import day_start, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay
from tests.tariffs.day_ahead.price_case import AUTUMN, KNOWN_AT, PLAIN, SPRING, delivery, price_day

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


def judged(sent: Delivery, earlier: PriceDay | None = None) -> PriceDay | set[str]:
    """The day that a delivery makes, or the rules that it breaks."""
    result = judge_delivery(sent, known_at=KNOWN_AT, source="exchange", earlier=earlier)
    return result if isinstance(result, PriceDay) else {finding.rule for finding in result}


@pytest.mark.parametrize(("day", "count"), [(SPRING, 92), (PLAIN, 96), (AUTUMN, 100)])
def test_a_day_with_one_price_per_quarter_hour_is_taken(day: date, count: int) -> None:
    made = judged(delivery(day))
    assert isinstance(made, PriceDay)
    assert len(made.quarter_hours_eur_per_mwh) == count
    assert made.eur_per_mwh[:2] == (10.0, 10.5)


def test_the_order_of_delivery_does_not_matter() -> None:
    sent = delivery(AUTUMN)
    assert judged(replace(sent, points=sent.points[::-1])) == judged(sent)


@pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
@pytest.mark.parametrize("count", [92, 95, 96, 97, 100, 24, 25, 23])
def test_another_number_of_values_than_the_day_has_quarter_hours_is_refused(day: date, count: int) -> None:
    expected = len(step_starts(day, "PT15M"))
    points = tuple(PricePoint(day_start(day) + index * QUARTER, 50.0) for index in range(count))
    result = judged(Delivery("BE", day, "PT15M", points))
    if count == expected:
        assert isinstance(result, PriceDay)
    else:
        side = "prices.missing" if count < expected else "prices.outside_day"
        assert result == {"prices.count", side}


@pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
def test_hours_are_refused_since_the_market_trades_quarter_hours(day: date) -> None:
    assert judged(delivery(day, "PT60M")) == {"prices.resolution"}


@pytest.mark.parametrize(
    ("day", "resolution", "is_taken"),
    [
        (date(2025, 9, 30), "PT60M", True),
        (date(2025, 9, 30), "PT15M", True),
        (date(2025, 10, 1), "PT15M", True),
        (date(2025, 10, 1), "PT60M", False),
    ],
)
def test_the_switch_to_quarter_hours_is_the_first_of_october_2025(
    day: date, resolution: str, is_taken: bool
) -> None:
    sent = delivery(day, "PT60M" if resolution == "PT60M" else "PT15M")
    assert isinstance(judged(sent), PriceDay) == is_taken


@pytest.mark.parametrize(("day", "count"), [(date(2025, 3, 30), 23), (date(2024, 10, 27), 25)])
def test_hourly_days_with_a_clock_change_have_23_or_25_values(day: date, count: int) -> None:
    made = judged(delivery(day, "PT60M"))
    assert isinstance(made, PriceDay)
    assert len(made.eur_per_mwh) == count
    assert len(made.quarter_hours_eur_per_mwh) == 4 * count
    assert made.quarter_hours_eur_per_mwh[:5] == (10.0, 10.0, 10.0, 10.0, 10.5)


@pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
@pytest.mark.parametrize("moved", [-HOUR, HOUR])
def test_stamps_an_hour_off_are_refused_and_not_moved_back(day: date, moved: timedelta) -> None:
    assert judged(delivery(day, moved=moved)) == {"prices.outside_day", "prices.missing"}


def test_stamps_between_two_quarter_hours_are_refused() -> None:
    assert judged(delivery(PLAIN, moved=timedelta(seconds=1))) == {"prices.outside_day", "prices.missing"}


def test_a_moment_with_two_prices_is_refused_even_where_they_are_equal() -> None:
    sent = delivery(PLAIN)
    assert judged(replace(sent, points=(*sent.points, sent.points[7]))) == {
        "prices.count",
        "prices.duplicate",
    }
    swapped = (*sent.points[:8], sent.points[7], *sent.points[9:])
    assert judged(replace(sent, points=swapped)) == {"prices.duplicate", "prices.missing"}


@pytest.mark.parametrize("wrong_eur_per_mwh", [float("nan"), float("inf"), -500.01, 14_000.5])
def test_a_price_that_the_market_cannot_give_is_refused(wrong_eur_per_mwh: float) -> None:
    sent = delivery(PLAIN)
    points = (replace(sent.points[0], eur_per_mwh=wrong_eur_per_mwh), *sent.points[1:])
    assert judged(replace(sent, points=points)) == {"prices.beyond_market"}


@pytest.mark.parametrize("limit_eur_per_mwh", [-500.0, 4_000.0, 14_000.0])
def test_the_markets_own_limits_are_prices(limit_eur_per_mwh: float) -> None:
    sent = delivery(PLAIN)
    points = (replace(sent.points[0], eur_per_mwh=limit_eur_per_mwh), *sent.points[1:])
    assert isinstance(judged(replace(sent, points=points)), PriceDay)


def moved_by_an_hour(known: tuple[float, ...]) -> tuple[float, ...]:
    return (*(0.0,) * 4, *known[:-4])


def moved_back_by_an_hour(known: tuple[float, ...]) -> tuple[float, ...]:
    return (*known[4:], *(0.0,) * 4)


def as_on_2025_10_26(known: tuple[float, ...]) -> tuple[float, ...]:
    """Two hours right, one of zeros, the rest an hour late, as entsoe-py issue 468 prints it."""
    return (*known[:8], *(0.0,) * 4, *known[8:-4])


@pytest.mark.parametrize("shift", [moved_by_an_hour, moved_back_by_an_hour, as_on_2025_10_26])
def test_known_prices_an_hour_off_under_right_stamps_are_refused(
    shift: Callable[[tuple[float, ...]], tuple[float, ...]],
) -> None:
    known = price_day(AUTUMN, source="second source")
    starts = step_starts(AUTUMN, "PT15M")
    points = tuple(map(PricePoint, starts, shift(known.eur_per_mwh)))
    assert judged(Delivery("BE", AUTUMN, "PT15M", points), known) == {"prices.shifted"}


def test_a_correction_of_known_prices_is_taken() -> None:
    known, sent = price_day(PLAIN), delivery(PLAIN)
    corrected = tuple(replace(point, eur_per_mwh=point.eur_per_mwh + 3.25) for point in sent.points)
    assert isinstance(judged(replace(sent, points=corrected), known), PriceDay)


def test_the_same_prices_again_are_taken() -> None:
    assert isinstance(judged(delivery(AUTUMN), price_day(AUTUMN)), PriceDay)


def test_a_finding_says_zone_day_what_where_and_the_next_step() -> None:
    sent = delivery(SPRING)
    findings = judge_delivery(replace(sent, points=sent.points[1:]), known_at=KNOWN_AT, source="exchange")
    assert isinstance(findings, list)
    assert [(finding.rule, finding.observed, finding.allowed) for finding in findings] == [
        ("prices.count", 91, 92),
        ("prices.missing", 1, 0),
    ]
    assert findings[0].message == (
        "BE 2026-03-29 has 91 prices where the day takes 92; deliver one for each step"
    )
    assert "no price for 2026-03-28T23:00:00Z" in findings[1].message
