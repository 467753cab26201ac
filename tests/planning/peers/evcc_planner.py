"""The charge planner of evcc: full power for some minutes before a target, in the cheapest time.

Their price is per hour at full power; a DC pole of 1 MW and prices in EUR/MWh are the same numbers.
"""

import numpy as np

from tests.planning.peers import documents as doc

FILE = "evcc_planner_cases.json"
NOT_EXPRESSED: dict[str, str] = {}
FULL_POWER_W = 1e6
# What an hour after their last price costs; no car is there.
AFTERWARDS = 1000.0


def names() -> list[str]:
    return [case["id"] for case in doc.cases_of(FILE)["cases"]]


def compare(name: str) -> doc.Comparison:
    """Cost of the charge in their currency."""
    document = doc.cases_of(FILE)
    case = next(one for one in document["cases"] if one["id"] == name)
    offtake = doc.quarter_hours(np.repeat(document["hourly_price"], 4), 96, AFTERWARDS)
    requested_wh = case["need_min"] / 60 * FULL_POWER_W
    request = {
        "site": doc.site([doc.dc_pole("pole", "grid", FULL_POWER_W)], [doc.collector("grid")]),
        "at": doc.after(case["now_min"] / 60),
        "prices": doc.prices(offtake, [0.0] * 96),
        "transactions": [doc.session("pole", case["now_min"] / 60, case["target_min"] / 60, requested_wh)],
    }
    made = doc.checked_plan(request)
    charged_mwh = doc.power_w(made, "pole") * doc.hours_h(made) / 1e6
    assert np.isclose(charged_mwh.sum(), case["need_min"] / 60, atol=1e-6)
    return doc.Comparison(case["expected_cost"], float(charged_mwh @ np.array(offtake)), "currency")
