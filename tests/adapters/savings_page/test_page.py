"""The savings report as a page."""

import json
import re
from typing import Any

import pytest

from kwartier.adapters.savings_page import render_savings_page
from kwartier.adapters.savings_page.words import number
from kwartier.simulation.savings import savings_report
from tests.simulation.savings.runs import START, car, run

BREACH = {"at": START, "board": "grid", "phase": "L1", "current_a": 70.0, "limit_a": 63, "is_avoidable": True}


@pytest.fixture(scope="module")
def page() -> str:
    runs = [
        run("uncontrolled", money={"energy_eur": 80.0}, breaches=[BREACH]),
        run("receding_horizon", money={"energy_eur": 60.0}),
        run("oracle", money={"energy_eur": 50.0}),
    ]
    return render_savings_page(savings_report(runs, site_name="Hub </script>", timezone="Europe/Brussels"))


@pytest.fixture(scope="module")
def charts(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    charts: dict[str, Any] = json.loads(found[1])["charts"]
    return charts


def test_it_loads_nothing_from_anywhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.findall(r"<(?:link|img|iframe)\b|<script[^>]+\bsrc=", page)


def test_a_name_of_the_data_stays_text(page: str) -> None:
    assert "Hub &lt;/script&gt;" in page
    assert "Hub </script>" not in page


def test_it_says_what_was_saved_and_how_far_the_optimum_is(page: str) -> None:
    # 80 and 60 EUR are 20 less, 25 %; the optimum pays 50.
    assert ">20.00 EUR<" in page
    assert "25.0 % less than «Charging on arrival»" in page
    assert "10.00 EUR above the hindsight optimum" in page
    assert "66.7 % of the saving that the optimum reaches" in page


def test_energy_that_the_optimum_gave_and_the_planner_did_not_is_told_beside_the_regret() -> None:
    runs = [
        run("receding_horizon", cars=[car(requested_wh=9_000, servable_wh=9_000, charged_wh=7_000)]),
        run("oracle", cars=[car(requested_wh=9_000, servable_wh=9_000, charged_wh=9_000)]),
    ]
    page = render_savings_page(savings_report(runs, site_name="Hub", timezone="UTC"))
    assert "It charged 2.0 kWh less than the optimum" in page


def test_every_policys_limits_are_told_kept_or_not(page: str) -> None:
    assert "grid L1, Mon 2 Mar 01:00: 70.0 A, limit 63 A" in page
    assert "<b>kwartier</b>: every limit was kept." in page


def test_bills_stand_line_by_line_with_their_quantities(page: str) -> None:
    assert "<th>capacity</th><td>40.00<small>10.0 kW</small></td>" in page
    # (40 + 1.50) and a fifth of VAT.
    assert page.count("<td>49.80</td>") == 3


def test_the_load_duration_curve_falls_from_the_highest_power(charts: dict[str, Any]) -> None:
    [line, *_] = charts["duration"]["data"]
    assert line["y"] == [16.0, 8.0, 0.0, -2.0]


def test_the_heat_map_is_by_the_sites_own_clock(charts: dict[str, Any]) -> None:
    trace = charts["heat-0"]["data"][0]
    # Midnight UTC is 01:00 in Brussels in winter.
    assert trace["y"] == ["Mon 2"]
    assert trace["z"][0][3:9] == [None, 8.0, 16.0, -2.0, 0.0, None]


def test_the_worst_day_is_the_one_of_the_planners_highest_quarter_hour(
    page: str, charts: dict[str, Any]
) -> None:
    assert "The day of the highest quarter-hour: Mon 2 Mar" in page
    planner = next(line for line in charts["day"]["data"] if line["name"] == "kwartier")
    assert dict(zip(planner["x"], planner["y"], strict=True))["2026-03-02T01:15"] == 16.0


def test_costs_are_shown_by_kind_and_policy(charts: dict[str, Any]) -> None:
    [energy] = charts["money"]["data"]
    # The lowest bar of the chart comes first.
    assert dict(zip(energy["y"], energy["x"], strict=True)) == {
        "Hindsight optimum": 50.0,
        "kwartier": 60.0,
        "Charging on arrival": 80.0,
    }


def test_a_number_that_rounds_to_zero_has_no_sign() -> None:
    assert (number(-0.001, ".2f"), number(-1.5, ".1f"), number(None, ".1f")) == ("0.00", "−1.5", "–")
