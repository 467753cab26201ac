"""The charts: steps of unequal length, signs, stacks and what stands under the pointer."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kwartier.adapters.plan_page.charge_chart import charge_chart
from kwartier.adapters.plan_page.collector_chart import collector_chart
from kwartier.adapters.plan_page.figure import Figure, shaded, step_line
from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.power_chart import power_chart
from kwartier.adapters.plan_page.price_chart import price_chart
from kwartier.adapters.plan_page.reading import read_plan
from kwartier.adapters.plan_page.session_chart import session_chart
from kwartier.adapters.plan_page.view import PlanView
from tests.adapters.plan_page.plan_case import make_case


def _view(request: dict[str, Any], plan: dict[str, Any]) -> tuple[PlanView, LocalClock]:
    view = read_plan(request, plan)
    return view, LocalClock(ZoneInfo("Europe/Brussels"), view.steps.starts[0], view.steps.ends[-1])


def _some(chart: Figure | None) -> Figure:
    assert chart is not None
    return chart


def test_a_step_line_holds_its_value_to_the_end_of_the_horizon() -> None:
    request, plan = make_case()
    line = _some(price_chart(*_view(request, plan)))["data"][0]
    assert (line["line"]["shape"], len(line["x"]), len(line["y"])) == ("hv", 98, 98)
    assert (line["x"][0], line["x"][1], line["x"][-1]) == (
        "2025-03-03T06:52:10",
        "2025-03-03T07:00:00",
        "2025-03-04T06:52:10",
    )
    assert line["y"][-1] == line["y"][-2]


def test_a_step_before_a_gap_is_drawn_to_its_end() -> None:
    view, _ = _view(*make_case())
    values = [None, 4.0, None, *[None] * 94]
    line = step_line(view.steps, values)
    drawn = [
        (moment[11:], value) for moment, value in zip(line["x"], line["y"], strict=True) if value is not None
    ]
    assert drawn == [("07:00:00", 4.0), ("07:15:00", 4.0)]


def test_hourly_steps_after_quarters_keep_their_length() -> None:
    steps = [{"start": f"2025-03-03T08:{m:02}:00Z", "hours": 0.25} for m in (0, 15, 30, 45)]
    steps += [{"start": "2025-03-03T09:00:00Z", "hours": 1.0}]
    plan = {"steps": steps, "prices": {"offtake_eur_per_mwh": [1, 2, 3, 4, 5]}}
    chart = _some(price_chart(*_view({}, plan)))
    assert chart["data"][0]["x"][-2:] == ["2025-03-03T09:00:00", "2025-03-03T10:00:00"]
    assert chart["data"][-1]["x"][-2:] == [
        "2025-03-03T08:52:30",
        "2025-03-03T09:30:00",
    ]  # mid-step, for the pointer


def test_runs_of_negative_prices_are_shaded_as_one_band() -> None:
    view, _ = _view(*make_case())
    marked = [False] * 97
    marked[2] = marked[3] = marked[9] = True
    bands = shaded(view.steps, marked, "red")
    assert [(band["x0"][11:], band["x1"][11:]) for band in bands] == [
        ("07:15:00", "07:45:00"),
        ("09:00:00", "09:15:00"),
    ]


@pytest.mark.parametrize("arrangement", ["device", "board"])
def test_the_stack_adds_up_to_the_grid(arrangement: str) -> None:
    request, plan = make_case()
    chart = _some(power_chart(*_view(request, plan)))
    areas = [trace for trace in chart["data"] if trace.get("meta", {}).get("arrangement") == arrangement]
    grid = next(trace for trace in chart["data"] if str(trace.get("name", "")).startswith("Grid (offtake"))
    sums = [sum(values) for values in zip(*(area["y"] for area in areas), strict=True)]
    assert sums == pytest.approx(grid["y"], abs=0.02)  # rounded to the watt


def test_a_battery_is_above_zero_while_it_charges_and_below_while_it_discharges() -> None:
    chart = _some(power_chart(*_view(*make_case())))
    parts = {trace["stackgroup"]: trace["y"] for trace in chart["data"] if trace.get("name") == "bess"}
    assert (max(parts["device used"]), min(parts["device used"])) == (12.0, 0.0)
    assert (max(parts["device delivered"]), min(parts["device delivered"])) == (0.0, -9.0)


def test_an_unknown_power_is_a_gap() -> None:
    request, plan = make_case()
    plan["devices"]["roof_pv"]["power_w"][30] = None
    chart = _some(power_chart(*_view(request, plan)))
    assert next(trace for trace in chart["data"] if trace.get("name") == "roof_pv")["y"][30] is None


def test_a_collectors_phases_stand_against_both_limits() -> None:
    view, clock = _view(*make_case())
    chart = _some(collector_chart(view, clock, view.collectors[0], []))
    limits = [trace["y"][0] for trace in chart["data"] if trace.get("legendgroup") == "limit"]
    assert limits == [100.0, -100.0]
    assert [trace["name"] for trace in chart["data"][:3]] == ["L1", "L2", "L3"]
    low, high = chart["layout"]["yaxis"]["range"]
    assert low < -100 < 100 < high  # PV flows back through the main board, so both limits are in sight


def test_the_state_of_charge_runs_from_now_over_the_ends_of_the_steps() -> None:
    request, plan = make_case()
    line = _some(charge_chart(*_view(request, plan)))["data"][0]
    assert (line["x"][0], line["y"][0]) == ("2025-03-03T06:52:10", 55.0)
    assert (line["x"][1], line["y"][-1]) == (
        "2025-03-03T07:00:00",
        plan["devices"]["bess"]["state_of_charge"][-1],
    )


def test_session_bars_cover_each_window_once_and_charging_is_shaded_by_the_rating() -> None:
    view, clock = _view(*make_case())
    chart = _some(session_chart(view, clock))
    bars = [
        (row, base, length)
        for trace in chart["data"]
        for row, base, length in zip(trace["y"], trace["base"], trace["x"], strict=True)
    ]
    second = [length for row, base, length in bars if row == 1 and base < "2025-03-03T16"]
    assert sum(second) / 3_600_000 == pytest.approx(
        8.2, abs=1e-3
    )  # tx-2 is there for 8.2 h after the plan's start
    outline = chart["layout"]["shapes"][-1]  # tx-6 leaves after the horizon
    assert outline["x1"] == "2025-03-04T06:52:10"
    texts = "\n".join(chart["data"][1]["hovertext"])
    assert "16.0 A on 3 phases, 11.0 kW (50 % of its rating)" in texts
    assert "32.0 A on 1 phase, 7.4 kW (100 % of its rating)" in texts
    assert "tx-3: asks 22.0 kWh, gets 16.6 kWh, short 5.4 kWh" in texts


def test_a_session_without_a_departure_has_a_dotted_open_window() -> None:
    request, plan = make_case()
    del request["transactions"][0]["departureTime"]
    window = _some(session_chart(*_view(request, plan)))["layout"]["shapes"][0]
    assert (window["line"]["dash"], window["x1"]) == ("dot", "2025-03-04T06:52:10")


def test_charging_without_a_session_in_the_request_is_still_drawn() -> None:
    request, plan = make_case()
    request["transactions"] = []
    chart = _some(session_chart(*_view(request, plan)))
    assert chart["layout"]["shapes"] == []
    bars = zip(chart["data"][1]["base"], chart["data"][1]["x"], strict=True)
    assert sum(length for _, length in bars) > 0
    assert {datetime.fromisoformat(base).year for base in chart["data"][1]["base"]} == {2025}
