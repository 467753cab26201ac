from datetime import date, datetime, time, timedelta

from kwartier.tariffs.day_ahead.estimate import estimated_day_eur_per_mwh
from kwartier.tariffs.day_ahead.market_day import MARKET_TIMEZONE, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay
from tests.tariffs.day_ahead.price_case import AUTUMN, SPRING, price_day

MONDAY = date(2026, 6, 8)


def flat_days(first: date, prices: list[float]) -> list[PriceDay]:
    return [
        price_day(first + timedelta(days=number), eur_per_mwh=price) for number, price in enumerate(prices)
    ]


def test_a_working_day_is_the_mean_of_the_working_days_before() -> None:
    known = flat_days(MONDAY, [10.0, 20.0, 30.0, 40.0, 50.0, 990.0, 990.0])
    assert estimated_day_eur_per_mwh(MONDAY + timedelta(days=7), known) == (30.0,) * 96  # of 10 … 50


def test_saturdays_and_sundays_are_kinds_of_their_own() -> None:
    known = flat_days(MONDAY, [10.0, 10.0, 10.0, 10.0, 10.0, 60.0, 70.0])
    assert estimated_day_eur_per_mwh(MONDAY + timedelta(days=12), known) == (60.0,) * 96
    assert estimated_day_eur_per_mwh(MONDAY + timedelta(days=13), known) == (70.0,) * 96


def test_without_a_day_of_the_kind_all_days_count() -> None:
    known = flat_days(MONDAY, [10.0, 20.0])
    assert estimated_day_eur_per_mwh(MONDAY + timedelta(days=5), known) == (15.0,) * 96


def test_days_of_more_than_four_weeks_ago_and_of_later_say_nothing() -> None:
    old, later = price_day(MONDAY - timedelta(days=29)), price_day(MONDAY + timedelta(days=1))
    assert estimated_day_eur_per_mwh(MONDAY, [old, later]) is None


def test_the_local_time_counts_over_a_clock_change() -> None:
    sunday_before = AUTUMN - timedelta(days=7)
    estimate = estimated_day_eur_per_mwh(AUTUMN, [price_day(sunday_before)])
    assert estimate is not None
    assert len(estimate) == 100
    at_noon = datetime.combine(AUTUMN, time(12), MARKET_TIMEZONE)
    # The ramp of the Sunday before: 10 EUR/MWh and 0.5 more each quarter-hour; noon is its 48th.
    assert estimate[step_starts(AUTUMN, "PT15M").index(at_noon)] == 10.0 + 0.5 * 48


def test_the_hour_that_is_left_out_in_spring_takes_the_mean_of_the_days_that_lack_it() -> None:
    estimate = estimated_day_eur_per_mwh(SPRING + timedelta(days=7), [price_day(SPRING)])
    assert estimate is not None
    mean_eur_per_mwh = 10.0 + 0.5 * 91 / 2  # of a ramp of 92 steps
    assert [round(value, 9) for value in estimate[8:12]] == [mean_eur_per_mwh] * 4
    assert estimate[7] == 10.0 + 0.5 * 7
    assert estimate[12] == 10.0 + 0.5 * 8  # 03:00 is the ninth quarter-hour of the day of 23 h
