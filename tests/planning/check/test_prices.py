"""Prices of every contract kind, and the day and night hours of the Belgian areas."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kwartier.planning.check.calendar import holidays, is_day
from kwartier.planning.check.facts import read_facts
from kwartier.planning.check.prices import EnergyPrices
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.request import PlanRequest
from tests.planning.check.hand_made import site

BRUSSELS = ZoneInfo("Europe/Brussels")
DAY_NIGHT = {
    "contract_type": "day_night_be",
    "day_offtake_cost_per_mwh": 300.0,
    "night_offtake_cost_per_mwh": 200.0,
    "day_injection_cost_per_mwh": 60.0,
    "night_injection_cost_per_mwh": 40.0,
}


def prices_of(
    contract: dict[str, Any] | None, at: str = "2025-03-31T10:07:30Z", **fields: Any
) -> EnergyPrices | None:
    configurations = {"contract": contract} | fields.pop("configurations", {})
    collectors = [{"name": "main", "line_current": 40, "phase_voltage": 230}]
    document = {"site": site([], collectors, **configurations), "at": at, **fields}
    return read_facts(PlanRequest.model_validate(document, strict=False)).contract_prices


def known(prices: EnergyPrices | None) -> EnergyPrices:
    assert prices is not None
    return prices


@pytest.mark.parametrize(
    ("local", "dso", "day"),
    [
        ("2025-03-31T06:59:59", None, False),  # a Monday
        ("2025-03-31T07:00:00", None, True),
        ("2025-03-31T21:59:59", "Fluvius", True),
        ("2025-03-31T22:00:00", "Fluvius", False),
        ("2025-03-30T12:00:00", "Fluvius", False),  # a Sunday
        ("2025-04-21T12:00:00", "Fluvius", True),  # Easter Monday counts as a normal day in Flanders
        ("2025-04-21T12:00:00", "Sibelga", False),
        ("2025-04-21T12:00:00", "ORES", True),
        ("2025-12-31T12:00:00", "ORES", True),
        ("2026-01-01T12:00:00", "ORES", False),
        ("2026-01-03T10:59:00", "RESA", True),  # a Saturday
        ("2026-01-03T11:00:00", "RESA", False),
        ("2026-01-03T17:00:00", "RESA", True),
        ("2026-01-05T12:00:00", "Fluvius", True),
    ],
)
def test_day_hours(local: str, dso: str | None, day: bool) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=BRUSSELS).timestamp()
    assert is_day(moment, BRUSSELS, dso) is day


def test_belgian_holidays_of_two_years() -> None:
    # Easter 20 April 2025 and 5 April 2026 (tables of Easter dates); Ascension 39, Whit Monday 50 days later.
    assert {date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9), date(2025, 7, 21)} < holidays(
        date(2025, 1, 2)
    )
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 11, 11)} < holidays(
        date(2026, 9, 9)
    )
    assert len(holidays(date(2025, 1, 1))) == 10


def test_a_two_rate_contract_follows_the_local_clock() -> None:
    # From 12:07:30 in Brussels; 22:00 local is 20:00Z, step 40 (10:15Z + 39 quarter-hours).
    prices = known(prices_of(DAY_NIGHT))
    assert prices.offtake_eur_per_mwh[[0, 39, 40]].tolist() == [300.0, 300.0, 200.0]
    assert prices.injection_eur_per_mwh[[0, 39, 40]].tolist() == [60.0, 60.0, 40.0]


def test_a_two_rate_contract_in_wallonia_from_2026() -> None:
    ores = {"dso": "ORES", "region": "All", "connection_type": "BT - heures normales"}
    prices = known(prices_of(DAY_NIGHT, at="2026-03-02T09:45:00Z", configurations={"dso": ores}))
    # 10:45 day, 11:00 night, 17:00 (25 quarter-hours later) day again.
    assert prices.offtake_eur_per_mwh[[0, 1, 24, 25]].tolist() == [300.0, 200.0, 200.0, 300.0]


def test_a_dynamic_contract_is_linear_in_the_market_price_of_the_time() -> None:
    contract = {
        "contract_type": "dynamic",
        "offtake_coefficient": 1.1,
        "offtake_constant_cost_per_mwh": 5.0,
        "injection_coefficient": 0.9,
        "injection_constant_cost_per_mwh": -10.0,
    }
    market = [100.0 + hour for hour in range(26)]
    day_ahead = {"start": "2025-03-31T10:00:00Z", "resolution": "PT1H", "eur_per_mwh": market}
    prices = known(prices_of(contract, day_ahead=day_ahead))
    assert prices.offtake_eur_per_mwh[[0, 3, 4]].tolist() == pytest.approx([115.0, 115.0, 116.1])
    assert prices.injection_eur_per_mwh[[0, 3, 4]].tolist() == pytest.approx([80.0, 80.0, 80.9])


def test_a_step_takes_the_mean_of_finer_prices_over_what_is_left_of_it() -> None:
    # 10:07:30 to 10:15: 2.5 min at 20 and 5 min at 50.
    five = [10.0, 20.0, 50.0, *([30.0] * 300)]
    direct = {"start": "2025-03-31T10:00:00Z", "resolution": "PT5M", "offtake_eur_per_mwh": five}
    prices = known(prices_of(DAY_NIGHT, prices=direct | {"injection_eur_per_mwh": five}))
    assert prices.offtake_eur_per_mwh[0] == pytest.approx(40.0)
    assert prices.offtake_eur_per_mwh[1] == pytest.approx(30.0)


def test_no_contract_means_no_prices() -> None:
    assert prices_of(None) is None


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ([50.0] * 96, "2025-04-01T10:00:00"),
        ([*[50.0] * 10, None, *[50.0] * 90], "2025-03-31T12:30:00"),
        ([], "2025-03-31T10:07:30"),
    ],
)
def test_a_gap_names_its_first_quarter_hour(values: list[float | None], missing: str) -> None:
    day_ahead = {"start": "2025-03-31T10:00:00Z", "eur_per_mwh": values}
    with pytest.raises(UnusableRequestError, match=missing):
        prices_of({"contract_type": "dynamic"}, day_ahead=day_ahead)


def test_a_dynamic_contract_needs_a_market() -> None:
    with pytest.raises(UnusableRequestError, match="day_ahead"):
        prices_of({"contract_type": "dynamic"})


def test_an_unknown_contract_cannot_be_judged() -> None:
    with pytest.raises(UnusableRequestError, match="contract_type"):
        prices_of({"contract_type": "barter"})


def test_moments_are_utc() -> None:
    assert is_day(datetime(2025, 3, 31, 5, 0, tzinfo=UTC).timestamp(), BRUSSELS, None)
