"""evcc's optimiser: batteries (cars among them) and a grid connection over hours or quarter-hours, the first cut short.

`at` lies so that our first step ends where theirs does; an hour of theirs is four quarter-hours of ours. What is left
in a battery is worth `p_a` per Wh in their objective and the discharging efficiency times the median offtake price in
ours: the quarter-hours after their horizon, where nothing may flow, have the price that makes both the same.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kwartier.planning.plan import Plan
from tests.planning.peers import documents as doc

FILE = "evcc_optimizer_cases.json"
LEAST_POWER = (
    "the car may charge with 0 or at least 1380 W in every hour; here a least current holds in the two executed steps "
    "only"
)
LEAST_DEMAND = "the car must take a least energy in every step until it is full; " + LEAST_POWER
NOT_EXPRESSED = {
    "009-discharge-before-import": LEAST_POWER,
    "011-infeasible-charge-demand": LEAST_DEMAND,
    "012-early-charging-not-perfect": LEAST_POWER,
    "016-battery-charge-priotization-1": LEAST_POWER,
    "021-min-pv-use-case-with-weird-behavior": LEAST_DEMAND,
}
Json = dict[str, Any]


def names() -> list[str]:
    return [case["name"] for case in doc.cases_of(FILE)["cases"]]


def case_of(name: str) -> Json:
    case: Json = next(one for one in doc.cases_of(FILE)["cases"] if one["name"] == name)
    return case


def compare(name: str) -> doc.Comparison:
    """Cost: the negative of the benefit that they maximise, imports above a limit included, stored energy at `p_a`."""
    case = case_of(name)
    grid = Grid.of(case["request"])
    request = case["request"]
    has_goal = any("s_goal" in store for store in request["batteries"])
    made = doc.checked_plan(peak_request(request, grid) if has_goal else _request(request, grid))
    return doc.Comparison(-_their_benefit(case), -_our_benefit(request, grid, made), "currency")


@dataclass(frozen=True)
class Grid:
    """Where their steps lie among our quarter-hours from midnight; the first of them begins within one."""

    at_h: float
    quarters: tuple[int, ...]
    days: int

    @classmethod
    def of(cls, request: Json) -> "Grid":
        """The grid on which every step of theirs ends with one of ours; filled to more than twice their horizon."""
        seconds = request["time_series"]["dt"]
        counts = tuple(math.ceil(one / 900) for one in seconds)
        assert all(one % 900 == 0 for one in seconds[1:])
        window = sum(counts)
        return cls((counts[0] * 900 - seconds[0]) / 3600, counts, 1 if window <= 48 else 3)

    @property
    def count(self) -> int:
        """Quarter-hours from midnight that the plan touches."""
        return 96 * self.days + (1 if self.at_h else 0)

    @property
    def end_h(self) -> float:
        """End of their horizon, hours after midnight."""
        return sum(self.quarters) * doc.QUARTER_H

    def spread(self, per_step: doc.Numbers) -> doc.Numbers:
        """One value per quarter-hour out of one per step of theirs."""
        return np.repeat(per_step, self.quarters)

    def gathered_wh(self, made: Plan, per_quarter_w: doc.Numbers) -> doc.Numbers:
        """Energy in each step of theirs."""
        energy_wh = (per_quarter_w * doc.hours_h(made))[: sum(self.quarters)]
        return np.asarray(np.add.reduceat(energy_wh, np.cumsum((0, *self.quarters[:-1]))))


def _watts(request: Json, name: str) -> doc.Numbers:
    series = request["time_series"]
    return np.asarray(np.array(series[name]) * 3600.0 / np.array(series["dt"]))


def _prices(request: Json, grid: Grid, stored_eur_per_wh: float) -> Json:
    """Their prices, then those that make a stored Wh worth what they say."""
    series = request["time_series"]
    afterwards = stored_eur_per_wh / request["eta_d"] * 1e6
    offtake, injection = (
        doc.quarter_hours(grid.spread(np.array(series[name]) * 1e6), grid.count, afterwards)
        for name in ("p_N", "p_E")
    )
    assert math.isclose(float(np.median(offtake)), afterwards)
    return doc.prices(offtake, injection)


def _home_battery(request: Json) -> Json:
    """The battery that they may discharge, or their only one; cars without need and with no value take nothing."""
    batteries: list[Json] = request["batteries"]
    chosen = next((one for one in batteries if one["d_max"] > 0), batteries[0])
    others = [one for one in batteries if one is not chosen]
    assert all(one["p_a"] <= 0 and one["s_initial"] == 0 for one in others)
    return chosen


def _request(request: Json, grid: Grid) -> Json:
    """A home with a battery whose stored energy has a value."""
    store = _home_battery(request)
    bess = doc.battery(
        "bess", "store", charge_w=store["c_max"], discharge_w=max(store["d_max"], 1.0),
        capacity_wh=store["s_max"] - store["s_min"], efficiencies=(request["eta_c"], request["eta_d"]),
    )  # fmt: skip
    charged_percent = 100 * (store["s_initial"] - store["s_min"]) / (store["s_max"] - store["s_min"])
    devices = [bess, doc.series("solar", "grid", "pv"), doc.series("house", "grid")]
    return {
        "site": doc.site(
            devices,
            [doc.collector("grid", ["store"]), doc.collector("store")],
            planning_horizon=f"P{grid.days}D",
        ),
        "at": doc.after(grid.at_h),
        "prices": _prices(request, grid, store["p_a"]),
        "forecasts": {
            "solar": doc.forecast(grid.spread(-_watts(request, "ft")), grid.count),
            "house": doc.forecast(grid.spread(_watts(request, "gt")), grid.count),
        },
        "state": {"batteries": {"bess": {"state_of_charge": charged_percent}}},
        "limits": [*_store_limits(request, store, grid), *_grid_limits(request, grid)],
    }


def _store_limits(request: Json, store: Json, grid: Grid) -> list[Json]:
    """The battery may charge from the surplus only, and discharge into the house only, where they say so."""
    surplus_w = _watts(request, "ft") - _watts(request, "gt")
    charge_w = np.full(len(surplus_w), store["c_max"], dtype=float)
    discharge_w = np.full(len(surplus_w), store["d_max"], dtype=float)
    if not store.get("charge_from_grid", False):
        charge_w = np.minimum(charge_w, np.maximum(surplus_w, 0.0))
    if not store.get("discharge_to_grid", False):
        discharge_w = np.minimum(discharge_w, np.maximum(-surplus_w, 0.0))
    edges_h = np.cumsum((0, *grid.quarters)) * doc.QUARTER_H
    steps = list(pairwise(edges_h.tolist()))
    last_h = grid.count * doc.QUARTER_H
    return [
        *(doc.limit("store", *step, offtake_w=most) for step, most in zip(steps, charge_w, strict=True)),
        *(doc.limit("store", *step, injection_w=most) for step, most in zip(steps, discharge_w, strict=True)),
        doc.limit("store", grid.end_h, last_h, offtake_w=0.0),
        doc.limit("store", grid.end_h, last_h, injection_w=0.0),
    ]


def _grid_limits(request: Json, grid: Grid) -> list[Json]:
    names = {"p_max_imp": "offtake_w", "p_max_exp": "injection_w"}
    return [
        doc.limit("grid", 0.0, grid.end_h, **{names[name]: most}) for name, most in request["grid"].items()
    ]


def peak_request(request: Json, grid: Grid) -> Json:
    """A car that must reach a goal while peaks are kept low: a DC pole, and peaks without a price."""
    (car,) = request["batteries"]
    goal_step = int(np.flatnonzero(car["s_goal"])[0])
    needed_wh = (car["s_goal"][goal_step] - car["s_initial"]) / request["eta_c"]
    by_h = sum(grid.quarters[: goal_step + 1]) * doc.QUARTER_H
    sides = {"peak_minimization": {"active": True}}
    if request["strategy"]["charging_strategy"] == "attenuate_grid_peaks":
        sides["negative_peak_minimization"] = {"active": True}
    return {
        "site": doc.site(
            [doc.dc_pole("pole", "grid", car["c_max"]), doc.series("solar", "grid", "pv")],
            [doc.collector("grid")],
            **sides,
        ),
        "at": doc.after(grid.at_h),
        "prices": _prices(request, grid, car["p_a"]),
        "forecasts": {"solar": doc.forecast(grid.spread(-_watts(request, "ft")), grid.count)},
        "transactions": [doc.session("pole", grid.at_h, by_h, needed_wh)],
    }


def _their_benefit(case: Json) -> float:
    """Their published value counts stored energy from the end of the first step; this adds what was there."""
    stored = [
        battery["p_a"] * answer["state_of_charge"][0]
        for battery, answer in zip(
            case["request"]["batteries"], case["expected_response"]["batteries"], strict=True
        )
    ]
    return float(case["expected_response"]["objective_value"] + sum(stored))


def grid_exchange_wh(request: Json, grid: Grid, made: Plan) -> doc.Numbers:
    """Energy that our plan takes from the grid in each step of theirs, negative where it gives."""
    device = "bess" if "bess" in made.devices else "pole"
    series = request["time_series"]
    balance_wh = (
        np.array(series["gt"]) - np.array(series["ft"]) + grid.gathered_wh(made, doc.power_w(made, device))
    )
    return np.asarray(balance_wh)


def _our_benefit(request: Json, grid: Grid, made: Plan) -> float:
    exchange_wh = grid_exchange_wh(request, grid, made)
    series = request["time_series"]
    benefit = np.maximum(-exchange_wh, 0.0) @ np.array(series["p_E"])
    benefit -= np.maximum(exchange_wh, 0.0) @ np.array(series["p_N"])
    if "bess" in made.devices:
        store = _home_battery(request)
        power_w = doc.power_w(made, "bess")
        kept_w = np.where(power_w > 0, power_w * request["eta_c"], power_w / request["eta_d"])
        benefit += store["p_a"] * (store["s_initial"] + grid.gathered_wh(made, kept_w).sum())
    return float(benefit)
