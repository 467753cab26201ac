"""A peak that counts in some hours only, as Sibelga's at medium voltage; no sheet shipped can be used for it yet.

The tariff is put in the place of the shipped ones, for the planner and for the check alike.
"""

from decimal import Decimal
from random import Random

import numpy as np
import pytest

from kwartier import PlanRequest, check_plan, plan
from kwartier.site.dso import Dso
from kwartier.tariffs.components import RollingMaxPeak
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.marginal import HeldComponent, MonthTariff, TariffByMonth
from kwartier.tariffs.meter.local_month import LocalMonth
from kwartier.testing.random_requests import random_request
from tests.planning.test_hand_cases import read_case

SIBELGA_MT = {"dso": "Sibelga", "region": "All", "connection_type": "MT"}


def in_peak_hours(month: LocalMonth) -> MonthTariff:
    """60 EUR/kW a year on the highest peak of twelve months between 7 and 22 on weekdays."""
    component = RollingMaxPeak.model_validate(
        {
            "id": "peak",
            "kind": "rolling_max_peak",
            "group": "grid",
            "price": {"value": Decimal(60), "unit": "EUR/kW/year", "source": "s", "confidence": "A"},
            "window": {"calendar": "sibelga-mv-hi-lo", "periods": ["HI"]},
        }
    )
    days = DaySpan(month.first_day, month.last_day)
    return MonthTariff((HeldComponent(component, days),), "Sibelga 2026")


@pytest.fixture(autouse=True)
def _tariff_in_peak_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    def tariff_of(_dso: Dso) -> TariffByMonth:
        return in_peak_hours

    monkeypatch.setattr("kwartier.tariffs.marginal.tariff_of", tariff_of)


def test_a_car_charges_in_the_hours_in_which_no_peak_counts() -> None:
    # 24 kWh from 22:00 to 06:00 at 7360 W: none of it lies between 7 and 22, and no kW is paid for.
    document = read_case("a_sheet_prices_the_peak_of_the_whole_connection")["request"]
    document["site"]["configurations"]["dso"] = SIBELGA_MT
    request = PlanRequest.model_validate(document)
    answer = plan(request)
    assert answer.money.peaks == 0.0
    assert max(answer.offtake_w) == pytest.approx(7360.0)
    assert check_plan(request, answer).violations == []


def test_in_the_hours_that_count_it_is_kept_low() -> None:
    # The same car from 10:00 to 18:00: 3000 W, each kW of which is on twelve bills of 365 days together: 60 EUR.
    document = read_case("a_sheet_prices_the_peak_of_the_whole_connection")["request"]
    document["site"]["configurations"]["dso"] = SIBELGA_MT
    document["at"] = "2026-03-02T10:00:00+01:00"
    (car,) = document["transactions"]
    car |= {
        "timestamp": document["at"],
        "startTime": document["at"],
        "departureTime": "2026-03-02T18:00:00+01:00",
    }
    request = PlanRequest.model_validate(document)
    answer = plan(request)
    assert answer.money.peaks == pytest.approx(180.0, abs=1e-4)
    assert answer.offtake_w[:32] == pytest.approx(np.full(32, 3000.0), abs=0.5)
    assert "the highest peak of 12 months (60 EUR/kW, Sibelga 2026)" in answer.reasons["pole"][3]
    assert check_plan(request, answer).violations == []


@pytest.mark.parametrize("seeds", [range(start, start + 10) for start in range(0, 60, 10)], ids=str)
def test_plans_of_random_sites_are_sound(seeds: range) -> None:
    for seed in seeds:
        document = random_request(Random(seed), largest_pole_count=4)
        configurations = document["site"]["configurations"]
        configurations["dso"] = SIBELGA_MT
        configurations["optimization_configuration"]["peak_minimization"] = {
            "active": True,
            "peak_limit": 500,
        }
        request = PlanRequest.model_validate(document)
        assert [str(one) for one in check_plan(request, plan(request)).violations] == [], seed
