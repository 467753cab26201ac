from datetime import UTC, datetime, timedelta

from kwartier.tariffs.day_ahead.horizon import horizon_prices
from kwartier.tariffs.day_ahead.market_day import day_start
from tests.tariffs.day_ahead.price_case import PLAIN, price_day

TOMORROW = PLAIN + timedelta(days=1)
MORNING = datetime(2026, 6, 10, 6, 7, tzinfo=UTC)


def test_a_known_horizon_has_no_estimate() -> None:
    known = [price_day(PLAIN, eur_per_mwh=50.0), price_day(TOMORROW, eur_per_mwh=60.0)]
    prices = horizon_prices(MORNING, MORNING + timedelta(days=1), known)
    assert prices.start == day_start(PLAIN)
    assert prices.eur_per_mwh == (50.0,) * 96 + (60.0,) * 96
    assert prices.estimated_from is None


def test_what_is_not_known_yet_is_estimated_and_says_from_when() -> None:
    prices = horizon_prices(MORNING, MORNING + timedelta(days=1), [price_day(PLAIN, eur_per_mwh=50.0)])
    assert prices.eur_per_mwh == (50.0,) * 192
    assert prices.estimated_from == day_start(TOMORROW)


def test_a_gap_before_a_known_day_makes_that_day_count_as_estimated_too() -> None:
    known = [price_day(PLAIN - timedelta(days=1), eur_per_mwh=50.0), price_day(TOMORROW, eur_per_mwh=60.0)]
    prices = horizon_prices(MORNING, MORNING + timedelta(days=1), known)
    assert prices.eur_per_mwh == (50.0,) * 96 + (60.0,) * 96
    assert prices.estimated_from == day_start(PLAIN)


def test_a_horizon_that_ends_at_midnight_needs_nothing_of_the_next_day() -> None:
    prices = horizon_prices(day_start(PLAIN), day_start(TOMORROW), [price_day(PLAIN)])
    assert len(prices.eur_per_mwh) == 96


def test_without_any_prices_there_is_no_estimate() -> None:
    prices = horizon_prices(MORNING, MORNING + timedelta(hours=1), [])
    assert prices.eur_per_mwh == (None,) * 96
    assert prices.estimated_from == day_start(PLAIN)
