"""FlexMeasures: its toy battery and toy process, and two of its solver tests.

Processes and devices that need some energy by some time are DC poles with a car. `blocked` hours are limits of 0 W.
"""

from typing import Any

import numpy as np

from tests.planning.peers import documents as doc

FILE = "flexmeasures_cases.json"
NOT_EXPRESSED = {
    "toy4_process SHIFTABLE": (
        "the four hours must be one block; a car of ours may pause, and then costs 4.30 as in BREAKABLE"
    ),
}
MULTIPLE = "test_multiple_devices_simultaneous"
Json = dict[str, Any]


def names() -> list[str]:
    """Every case, those with several published results split into one per result."""
    listed = []
    for case in doc.cases_of(FILE)["cases"]:
        parts = [f" {kind}" for kind in case["published"]] if case["id"] == "toy4_process" else [""]
        if "cases" in case:
            parts = [f" site_limit {one['site_limit']}" for one in case["cases"]]
        listed += [case["id"] + part for part in parts]
    return listed


def case_of(case_id: str) -> Json:
    case: Json = next(one for one in doc.cases_of(FILE)["cases"] if one["id"] == case_id)
    return case


def compare(name: str) -> doc.Comparison:
    """Cost in their terms."""
    case_id, _, part = name.partition(" ")
    case = case_of(case_id)
    if case_id == "toy1_battery":
        return _battery(case)
    if case_id == "toy4_process":
        return _process(case, part)
    if case_id == MULTIPLE:
        return _two_devices(case, next(one for one in case["cases"] if part.endswith(str(one["site_limit"]))))
    return _breakable(case["input"], case["expected_schedule"])


def _battery(case: Json) -> doc.Comparison:
    """Twelve hours without an end value: afterwards nothing may flow, and prices bring the day's median to 0."""
    given, store = case["input"], case["input"]["battery"]
    window = np.repeat(given["prices_eur_per_mwh_hourly_from_midnight"][7:19], 4)
    offtake = doc.quarter_hours(window, 96, -float(window.min()))
    efficiency = store["roundtrip_efficiency"] ** 0.5
    capacity_kwh = store["soc_max_kwh"] - store["soc_min_kwh"]
    power_w = store["power_kw"] * 1000.0
    bess = doc.battery(
        "bess", "grid", charge_w=power_w, discharge_w=power_w, capacity_wh=capacity_kwh * 1000.0,
        efficiencies=(efficiency, efficiency),
    )  # fmt: skip
    start_percent = 100 * (store["soc_at_start_kwh"] - store["soc_min_kwh"]) / capacity_kwh
    site_w = given["site_limit_kw"] * 1000.0
    sides = [(0.0, 12.0, site_w), (12.0, 24.0, 0.0)]
    request = {
        "site": doc.site([bess], [doc.collector("grid")]),
        "at": doc.after(0),
        "prices": doc.prices(offtake, offtake),
        "state": {"batteries": {"bess": {"state_of_charge": start_percent}}},
        "limits": [doc.limit("grid", start, end, **{side: most}) for side in ("offtake_w", "injection_w")
                   for start, end, most in sides],
    }  # fmt: skip
    made = doc.checked_plan(request)
    assert float(np.median(offtake)) == 0.0
    cost_eur = float(doc.power_w(made, "bess")[:48] @ window) * doc.QUARTER_H / 1e6
    return doc.Comparison(case["our_reference_cost_eur"], cost_eur, "EUR")


def _process(case: Json, kind: str) -> doc.Comparison:
    """A process that starts at once and never pauses is one that must be done when it can first be done."""
    given = case["input"]
    hourly = given["prices_eur_per_mwh_hourly_from_midnight"]
    inflexible = kind == "INFLEXIBLE"
    request = _process_request(
        hourly,
        given["power_kw"] * 1000.0,
        duration_h=given["duration_h"],
        departure_h=given["duration_h"] if inflexible else 24.0,
        blocked_h=[] if inflexible else [15.0],
    )
    theirs_eur = sum(case["published"][kind]["block_prices_eur_per_kwh"]) * given["power_kw"]
    return doc.Comparison(theirs_eur, _process_cost_eur(request, hourly), "EUR")


def _breakable(given: Json, schedule: list[float]) -> doc.Comparison:
    ours = _process_cost_eur(breakable_request(given), given["prices_hourly"])
    return doc.Comparison(float(np.dot(schedule, given["prices_hourly"])), ours, "EUR")


def breakable_request(given: Json) -> Json:
    """Power in MW: their unit times one hour at EUR/MWh."""
    return _process_request(
        given["prices_hourly"],
        given["power"] * 1e6,
        duration_h=given["duration_h"],
        departure_h=24.0,
        blocked_h=given["blocked_hours"],
    )


def _process_request(
    hourly: list[float], power_w: float, *, duration_h: float, departure_h: float, blocked_h: list[float]
) -> Json:
    return {
        "site": doc.site([doc.dc_pole("process", "grid", power_w)], [doc.collector("grid")]),
        "at": doc.after(0),
        "prices": doc.prices([float(price) for price in np.repeat(hourly, 4)], [0.0] * 96),
        "transactions": [doc.session("process", 0.0, departure_h, power_w * duration_h)],
        "limits": [doc.limit("grid", hour, hour + 1.0, offtake_w=0.0) for hour in blocked_h],
    }


def _process_cost_eur(request: Json, hourly: list[float]) -> float:
    hourly_mwh = doc.power_w(doc.checked_plan(request), "process").reshape(24, 4).mean(axis=1) / 1e6
    assert np.isclose(hourly_mwh.sum() * 1e6, request["transactions"][0]["requestedEnergy"], rtol=1e-6)
    return float(hourly_mwh @ np.array(hourly))


def _two_devices(case: Json, part: Json) -> doc.Comparison:
    """Two soft needs of 1 MWh and a site limit; the published schedule says which step is still in time."""
    given = case["input"]
    published = np.sum(part.get("expected_schedules") or [part["expected_aggregate"]], axis=0)
    in_time = int(np.flatnonzero(published)[-1]) + 1
    needs = given["devices"]
    departures_h = [need["by_end_of_step"] + 1.0 for need in needs]
    departures_h[0] = max(departures_h[0], float(in_time))
    offtake = [float(price) for price in np.repeat(given["market_prices"], 4)]
    poles = [
        doc.dc_pole(f"device_{number}", "grid", part["device_limit"] * 1e6) for number in range(len(needs))
    ]
    request = {
        "site": doc.site(poles, [doc.collector("grid")]),
        "at": doc.after(0),
        "prices": doc.prices(offtake, [0.0] * 96),
        "transactions": [
            doc.session(pole["name"], need["plugged_from_step"], departure_h, need["need"] * 1e6)
            for pole, need, departure_h in zip(poles, needs, departures_h, strict=True)
        ],
        "limits": [doc.limit("grid", 0.0, 24.0, offtake_w=part["site_limit"] * 1e6)],
    }
    made = doc.checked_plan(request)
    hourly_mwh = (
        np.sum([doc.power_w(made, pole["name"]) for pole in poles], axis=0).reshape(24, 4).mean(axis=1) / 1e6
    )
    demand = sum(need["need"] for need in needs)
    theirs, ours = (
        float(taken @ np.array(given["market_prices"]))
        + given["unmet_penalty_per_unit"] * (demand - taken.sum())
        for taken in (published, hourly_mwh)
    )
    return doc.Comparison(theirs, ours, "currency")
