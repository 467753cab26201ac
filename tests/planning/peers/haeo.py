"""HAEO: a home with solar power and a battery behind one inverter, over 110 steps of 1 to 60 minutes.

Their steps do not lie on quarter-hours, so the k-th of them becomes our k-th quarter-hour, and every power and power
limit in it is scaled by its length over 15 minutes: energies, prices and the state of charge are theirs, to the digit.
The planner so solves their problem itself, not a resampled one. After their last step nothing may flow and energy is
worth nothing: the quarter-hours that fill the three days have the price 0, which is then also the median.

Solar power may be curtailed: what is not wanted goes into a DC pole next to the panels, behind a board that may not
take power. Its car leaves long after the horizon, so that nothing is owed to it, and its energy is worth the median, 0.
"""

from typing import Any

import numpy as np

from kwartier.planning.plan import Plan
from tests.planning.peers import documents as doc

FILE = "haeo_cases.json"
NOT_EXPRESSED: dict[str, str] = {}
QUARTERS = 288
# Published costs have three digits, and so have the inputs that they come from.
ROUNDING_USD = 0.05
Json = dict[str, Any]


def names() -> list[str]:
    return [case["id"] for case in doc.cases_of(FILE)["cases"]]


def compare(name: str) -> doc.Comparison:
    """Net cost of grid energy against the published one."""
    case = next(one for one in doc.cases_of(FILE)["cases"] if one["id"] == name)
    return doc.Comparison(case["published"]["grid_net_cost_usd"], planned_cost_usd(name), "USD", ROUNDING_USD)


def optimum_usd(name: str) -> float:
    """What a plain linear programme over the same rounded inputs reaches; it stands in the file of cases."""
    case = next(one for one in doc.cases_of(FILE)["cases"] if one["id"] == name)
    return float(case["checks"]["our_plain_lp_grid_cost_usd"])


def planned_cost_usd(name: str) -> float:
    """Net cost of grid energy of our plan, on their steps with their prices."""
    given = next(one for one in doc.cases_of(FILE)["cases"] if one["id"] == name)["input"]
    return _cost_usd(given, doc.checked_plan(_request(given)))


def _stretch(given: Json) -> doc.Numbers:
    """How much more power moves the energy of each of their steps within a quarter-hour."""
    return np.array(given["step_s"]) / 900.0


def _request(given: Json) -> Json:
    stretch = _stretch(given)
    store = given["battery"]
    most = float(stretch.max())
    low_percent, high_percent = store["soc_min_percent"], store["soc_max_percent"]
    bess = doc.battery(
        "bess",
        "store",
        charge_w=store["max_charge_kw"] * 1000.0 * most,
        discharge_w=store["max_discharge_kw"] * 1000.0 * most,
        capacity_wh=store["capacity_kwh"] * 10.0 * (high_percent - low_percent),
        efficiencies=(store["charge_efficiency_percent"] / 100, store["discharge_efficiency_percent"] / 100),
    )
    solar_w = np.array(given["pv_available_kw"]) * 1000.0 * stretch
    curtailed = doc.dc_pole("curtailed", "panels", float(solar_w.max()))
    devices = [bess, doc.series("solar", "panels", "pv"), curtailed, doc.series("house", "grid")]
    boards = [
        doc.collector("grid", ["inverter"]),
        doc.collector("inverter", ["store", "panels"]),
        doc.collector("store"),
        doc.collector("panels"),
    ]
    to_mwh = [
        doc.quarter_hours(np.array(given[side]) * 1000.0, QUARTERS, 0.0)
        for side in ("buy_usd_per_kwh", "sell_usd_per_kwh")
    ]
    assert np.median(to_mwh[0]) == 0.0
    charged_percent = 100 * (store["soc_start_percent"] - low_percent) / (high_percent - low_percent)
    house_w = np.array(given["load_kw"]) * 1000.0 * stretch
    enough_wh = float(solar_w.sum()) * doc.QUARTER_H
    leaves_h = QUARTERS / 4 + 1.0 + enough_wh / float(solar_w.max())
    return {
        "site": doc.site(devices, boards, planning_horizon="P3D"),
        "at": doc.after(0),
        "prices": doc.prices(*to_mwh),
        "forecasts": {"solar": doc.forecast(-solar_w, QUARTERS), "house": doc.forecast(house_w, QUARTERS)},
        "state": {"batteries": {"bess": {"state_of_charge": charged_percent}}},
        "transactions": [doc.session("curtailed", 0.0, leaves_h, enough_wh)],
        "limits": _limits(given),
    }


def _limits(given: Json) -> list[Json]:
    """Every limit of theirs in each step, scaled; none of power after the last; the panels only ever give."""
    store, inverter, grid = given["battery"], given["inverter_kw"], given["grid_kw"]
    both_kw = {
        "store": (store["max_charge_kw"], store["max_discharge_kw"]),
        "inverter": (inverter["ac_to_dc"], inverter["dc_to_ac"]),
        "grid": (grid["import"], grid["export"]),
    }
    end_h = QUARTERS / 4
    limits = [doc.limit("panels", 0.0, end_h, offtake_w=0.0)]
    for board, (taken_kw, given_kw) in both_kw.items():
        for step, ratio in enumerate(_stretch(given)):
            start_h = step * doc.QUARTER_H
            limits += [
                doc.limit(board, start_h, start_h + doc.QUARTER_H, offtake_w=taken_kw * 1000.0 * ratio),
                doc.limit(board, start_h, start_h + doc.QUARTER_H, injection_w=given_kw * 1000.0 * ratio),
            ]
    done_h = len(given["step_s"]) * doc.QUARTER_H
    return [
        *limits,
        doc.limit("grid", done_h, end_h, offtake_w=0.0),
        doc.limit("grid", done_h, end_h, injection_w=0.0),
    ]


def _cost_usd(given: Json, made: Plan) -> float:
    """Energy per step of theirs from the plan's devices, and their prices."""
    steps = len(given["step_s"])
    hours = np.array(given["step_s"]) / 3600.0
    movable_kwh = (
        sum(doc.power_w(made, name)[:steps] for name in ("bess", "curtailed")) * doc.QUARTER_H / 1000.0
    )
    net_kwh = (np.array(given["load_kw"]) - np.array(given["pv_available_kw"])) * hours + movable_kwh
    bought = np.maximum(net_kwh, 0.0) @ np.array(given["buy_usd_per_kwh"])
    sold = np.maximum(-net_kwh, 0.0) @ np.array(given["sell_usd_per_kwh"])
    return float(bought - sold)
