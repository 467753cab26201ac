"""Numbers as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kwartier.adapters.dashboard.catalogue import words_of
from kwartier.adapters.dashboard.figures import MINUS, THIN, UNKNOWN, Figures

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def figures(language: str) -> Figures:
    return Figures(words_of(language), BRUSSELS)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1,234.5"), ("nl", "1.234,5"), ("de", "1.234,5"), ("fr", f"1{THIN}234,5")],
)
def test_decimals_and_groups_are_those_of_the_language(language: str, text: str) -> None:
    assert figures(language).number(1234.5, 1) == text


def test_every_figure_has_its_unit_and_a_true_minus() -> None:
    write = figures("en")
    assert write.power(-10_300.0) == f"{MINUS}10.3{THIN}kW"
    assert write.energy(4_800.0) == f"4.8{THIN}kWh"
    assert write.current(6.04) == f"6.0{THIN}A"
    assert write.current(15.7) == f"16{THIN}A"
    assert write.money(12.5) == f"12.50{THIN}€"
    assert write.price(-3.4) == f"{MINUS}3{THIN}€/MWh"


def test_what_is_not_known_is_a_dash_and_what_rounds_to_zero_has_no_sign() -> None:
    assert figures("en").power(None) == UNKNOWN
    assert figures("en").power(-20.0) == f"0.0{THIN}kW"


def test_moments_are_those_of_the_site_and_another_day_is_named() -> None:
    assert figures("nl").day_clock(NOW, NOW) == "13:00"
    assert figures("nl").day_clock(NOW + timedelta(days=1), NOW) == "di 13:00"
    # 23:30 UTC is past midnight in Brussels.
    assert figures("en").day_clock(NOW + timedelta(hours=11, minutes=30), NOW) == "Tue 00:30"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "0 s"), (59, "59 s"), (61, "1 min"), (7_200, "2 h"), (200_000, "2 d")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, text: str) -> None:
    assert figures("en").age(timedelta(seconds=seconds)) == text.replace(" ", THIN)
