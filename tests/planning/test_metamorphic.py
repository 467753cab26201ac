"""What must follow from a change of the request, whatever the plan is: more room, other names, turned phases.

No expected plan is written down here: two requests are planned, and what must hold between their plans is checked. A
plan may lie above another by what its own certified gap allows, and by planner.md's tolerance.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from random import Random
from typing import Any

import pytest

from kwartier import Plan, PlanRequest, plan
from kwartier.testing.random_requests import random_request
from tests.planning.conftest import part_of_sites, seed_blocks
from tests.planning.plan_order import allowed_by_gap, first_difference, totals, worse_than_certified

Json = dict[str, Any]
# A change of a request: the new one, or None where it does not apply.
Change = Callable[[Random, Json], Json | None]

BLOCKS = seed_blocks(part_of_sites(0.02), 400_000, 10)
PHASES = ["L1", "L2", "L3"]
NEXT_PHASE = {"L1": "L2", "L2": "L3", "L3": "L1"}
# A kW of the tolerance of the energy levels, which a peak's price turns into money.
PEAK_TOLERANCE_KW = 1e-4


def planned(document: Json) -> Plan:
    return plan_of(json.dumps(document))


@lru_cache(maxsize=1_000)
def plan_of(request: str) -> Plan:
    """The plan of a request as text: several tests change the same sites."""
    return plan(PlanRequest.model_validate_json(request))


def devices_of(document: Json) -> list[Json]:
    devices: list[Json] = document["site"]["configurations"]["site_configuration"]["device_list"]
    return devices


def boards_of(document: Json) -> list[Json]:
    boards: list[Json] = document["site"]["configurations"]["site_configuration"]["collector_list"]
    return boards


def optimisation_of(document: Json) -> Json:
    optimisation: Json = document["site"]["configurations"]["optimization_configuration"]
    return optimisation


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def slack_eur(document: Json) -> float:
    """What the tolerance of the levels above money may be worth in money: a little of every priced peak."""
    settings = [
        optimisation_of(document)[name] for name in ("peak_minimization", "negative_peak_minimization")
    ]
    prices: list[float] = [
        setting.get("peak_price", 0.0) for setting in settings if setting and setting["active"]
    ]
    return 3 * len(boards_of(document)) * PEAK_TOLERANCE_KW * sum(prices)


def site(seed: int) -> Json:
    """A random request with broken amperes allowed: a gap says nothing clear about rounding in two stages."""
    document = random_request(Random(seed), largest_pole_count=6)
    document["options"].pop("whole_ampere_poles", None)
    return document


def site_with_known_needs(seed: int) -> Json:
    """A random request in which every car says what it needs and leaves within the horizon, one car to a pole."""
    document = site(seed)
    at = instant(document["at"])
    for name in ("transactions", "expected_sessions"):
        seen: set[str] = set()
        kept = []
        for session in document.get(name, []):
            if session["assetId"] in seen or session["transactionState"] == "Ended":
                continue
            seen.add(session["assetId"])
            leaves = instant(session.get("departureTime", document["at"]))
            session["departureTime"] = min(
                max(leaves, at + timedelta(hours=1)), at + timedelta(hours=23)
            ).isoformat()
            session.setdefault("requestedEnergy", 9000)
            session["transactionState"] = "Updated"
            kept.append(session)
        document[name] = kept
    return document


def applied(seeds: range, make: Callable[[int], Json], change: Change) -> Iterator[tuple[int, Json, Json]]:
    """For every seed a request and the changed one; the seed of another request where its own allows no change."""
    for first_seed in seeds:
        for seed in count(first_seed, 1_000_000):
            document = make(seed)
            changed = change(Random(seed), deepcopy(document))
            if changed is not None:
                yield seed, document, changed
                break


# --- more room ---------------------------------------------------------------------------------------------


def with_larger_board(random: Random, document: Json) -> Json | None:
    random.choice(boards_of(document))["line_current"] += random.randrange(1, 200)
    return document


def with_larger_pole(random: Random, document: Json) -> Json | None:
    cars = {session["assetId"] for session in document["transactions"]}
    poles = [device for device in devices_of(document) if device["name"] in cars]
    if not poles:
        return None
    pole = random.choice(poles)
    rating = "line_current" if pole["type"] == "charging_pole_3phase" else "max_power"
    pole[rating] = round(pole[rating] * random.uniform(1.0, 3.0)) + 1
    return document


def with_stronger_battery(random: Random, document: Json) -> Json | None:
    batteries = [
        device for device in devices_of(document) if device["type"] == "battery_energy_storage_system"
    ]
    if not batteries:
        return None
    battery = random.choice(batteries)
    power = random.choice(["maximum_charging_power", "maximum_discharging_power"])
    battery[power] *= random.choice([1.01, 2, 10])
    return document


def with_one_limit_less(random: Random, document: Json) -> Json | None:
    if not document["limits"]:
        return None
    document["limits"].pop(random.randrange(len(document["limits"])))
    return document


def with_a_longer_stay(random: Random, document: Json) -> Json | None:
    if not document["transactions"]:
        return None
    session = random.choice(document["transactions"])
    leaves = instant(session["departureTime"]) + timedelta(minutes=random.randrange(1, 300))
    session["departureTime"] = min(
        leaves, instant(document["at"]) + timedelta(hours=23, minutes=59)
    ).isoformat()
    return document


MORE_ROOM: dict[str, Change] = {
    "a larger board": with_larger_board,
    "a larger pole": with_larger_pole,
    "a stronger battery": with_stronger_battery,
    "one limit less": with_one_limit_less,
    "a longer stay": with_a_longer_stay,
}


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
@pytest.mark.parametrize("room", MORE_ROOM)
def test_more_room_is_never_worse(room: str, seeds: range) -> None:
    worse = {}
    for seed, document, roomier in applied(seeds, site_with_known_needs, MORE_ROOM[room]):
        before = planned(document)
        # An excess moves between a tight and a wider limit: only without one does every plan stay possible.
        if before.objective.excess_ah == 0.0 and (
            words := worse_than_certified(planned(roomier), before, slack_eur(document))
        ):
            worse[seed] = words
    assert worse == {}


# --- names, order, phases ----------------------------------------------------------------------------------


def renamed(value: Any, new_names: dict[str, str]) -> Any:
    """A JSON value with names replaced wherever they stand, as keys too."""
    if isinstance(value, dict):
        return {new_names.get(key, key): renamed(item, new_names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, new_names) for item in value]
    return new_names.get(value, value) if isinstance(value, str) else value


def facts_of(answer: Plan) -> Json:
    """What a plan says of devices, boards and money: without its id, its times, and the texts that hold names."""
    told = answer.model_dump(
        mode="json", exclude={"plan_id", "solve", "warnings", "reasons", "limit_violations"}
    )
    excesses = [violation.model_dump(mode="json") for violation in answer.limit_violations]
    told["limit_violations"] = sorted(excesses, key=lambda each: (each["collector"], each["step"], str(each)))
    return told


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_other_names_give_the_same_plan_under_these_names(seeds: range) -> None:
    for seed in seeds:
        document = site(seed)
        names = [entry["name"] for entry in (*devices_of(document), *boards_of(document))]
        # The order of the alphabet is turned round.
        new_names = {name: f"n{len(names) - rank:03d}" for rank, name in enumerate(sorted(names))}
        old_names = {new: old for old, new in new_names.items()}
        again = facts_of(planned(renamed(document, new_names)))
        again = renamed(again, old_names)
        again["limit_violations"].sort(key=lambda each: (each["collector"], each["step"], str(each)))
        assert again == facts_of(planned(document)), seed


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_cars_that_change_places_at_equal_chargers_take_their_plans_along(seeds: range) -> None:
    def with_twins(random: Random, document: Json) -> Json | None:
        cars = [session for session in document["transactions"] if session["assetId"].startswith("pole")]
        if not cars:
            return None
        car = random.choice(cars)
        (pole,) = (device for device in devices_of(document) if device["name"] == car["assetId"])
        devices_of(document).append({**pole, "name": "twin"})
        need_wh = random.randrange(1, 30_000)
        document["transactions"].append(
            {**car, "assetId": "twin", "transactionId": "tx-twin", "requestedEnergy": need_wh}
        )
        document["here"] = pole["name"]
        return document

    for seed, _, here in applied(seeds, site_with_known_needs, with_twins):
        twin_of = {here.pop("here"): "twin"}
        places = twin_of | {twin: pole for pole, twin in twin_of.items()}
        there = {**here, "transactions": renamed(here["transactions"], places)}
        first, second = facts_of(planned(here)), facts_of(planned(there))
        first["devices"] = renamed(first["devices"], places)
        assert first == second, seed


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_a_board_with_nothing_on_it_changes_nothing(seeds: range) -> None:
    for seed in seeds:
        document = site(seed)
        with_board = deepcopy(document)
        root = boards_of(with_board)[0]
        root["children"].append("empty")
        phases = {"parent": ["L1"], "child": ["L1"]}
        boards_of(with_board).append(
            {"name": "empty", "line_current": 0, "children": [], "1P_3P": "1P", "phase_permutations": phases}
        )
        again = facts_of(planned(with_board))
        empty = again["collectors"].pop("empty")
        assert set(empty["power_w"]) == {0.0}
        assert again == facts_of(planned(document)), seed


def with_turned_phases(_random: Random, document: Json) -> Json | None:
    """The same site with L1 of the connection called L2, L2 called L3, L3 called L1."""
    root = boards_of(document)[0]
    if root["1P_3P"] == "1P":
        return None
    for board in boards_of(document):
        if board["name"] in root["children"]:
            child = ["L1"] if board["1P_3P"] == "1P" else PHASES
            fed_by = board.get("phase_permutations", {"parent": child, "child": child})
            board["phase_permutations"] = {
                "parent": [NEXT_PHASE[phase] for phase in fed_by["parent"]],
                "child": fed_by["child"],
            }
    at_root = {device["name"] for device in devices_of(document) if device["collector"] == root["name"]}
    for device in devices_of(document):
        if device["name"] in at_root and device["type"] == "charging_pole_3phase":
            mapping = device["pin_to_phase_mapping"]
            mapping["phase_list"] = [NEXT_PHASE[phase] for phase in mapping["phase_list"]]
    for name, forecast in document["forecasts"].items():
        if name in at_root and isinstance(forecast["power_w"], dict):
            forecast["power_w"] = renamed(forecast["power_w"], NEXT_PHASE)
    for kind in ("month_peaks", "quarter_so_far"):
        if kind in document["state"]:
            document["state"][kind] = renamed(document["state"][kind], NEXT_PHASE)
    return document


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_a_connection_with_turned_phases_reaches_the_same_on_turned_phases(seeds: range) -> None:
    wrong = {}
    for seed, document, turned in applied(seeds, site, with_turned_phases):
        first, second = planned(document), planned(turned)
        pairs = ((first, second), (second, first))
        if words := [text for pair in pairs if (text := worse_than_certified(*pair, slack_eur(document)))]:
            wrong[seed] = words
        # What no choice can change turns exactly: the fixed load's excesses, phase by phase.
        seen = {(v.collector, v.phase, v.step) for v in first.limit_violations if v.collector == "grid"}
        if first_difference(first, second) is None and first.objective.excess_ah > 0.0:
            turned_back = {(v.collector, v.phase, v.step) for v in second.limit_violations}
            wanted = {(board, phase and NEXT_PHASE[phase], step) for board, phase, step in seen}
            assert {key for key in turned_back if key[0] == "grid"} == wanted, seed
    assert wrong == {}


# --- prices, time, steps -----------------------------------------------------------------------------------


def with_only_energy_prices(document: Json) -> Json:
    """The same request with nothing but direct energy prices in its money: no peaks, no revenue."""
    random = Random(str(document["at"]) + str(len(devices_of(document))))
    hours = 96
    offtake = [round(random.uniform(-50.0, 300.0), 2) for _ in range(hours)]
    document["site"]["configurations"] |= {"contract": None, "revenue": None}
    optimisation_of(document).update(
        peak_minimization=None, negative_peak_minimization=None, cost_minimization_active=True
    )
    document.pop("day_ahead", None)
    start = instant(document["at"]).replace(hour=0, minute=0, second=0, microsecond=0)
    document["prices"] = {
        "start": start.isoformat(),
        "resolution": "PT1H",
        "offtake_eur_per_mwh": offtake,
        "injection_eur_per_mwh": [
            round(price * random.choice([0.3, 0.9, 1.0]) - 5.0, 2) for price in offtake
        ],
    }
    return document


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
@pytest.mark.parametrize("factor", [0.125, 8.0])
def test_scaled_prices_scale_the_money(factor: float, seeds: range) -> None:
    wrong = {}
    for seed in seeds:
        document = with_only_energy_prices(site(seed))
        scaled = deepcopy(document)
        for side in ("offtake_eur_per_mwh", "injection_eur_per_mwh"):
            scaled["prices"][side] = [price * factor for price in scaled["prices"][side]]
        first, second = planned(document), planned(scaled)
        above = first_difference(
            first.model_copy(update={"objective": first.objective.model_copy(update={"money_eur": 0.0})}),
            second.model_copy(update={"objective": second.objective.model_copy(update={"money_eur": 0.0})}),
        )
        off = second.money.total - factor * first.money.total
        allowed = (
            1e-4 * max(1.0, factor)
            + 1e-6 * abs(second.money.total)
            + factor * allowed_by_gap(first, "money_eur")
            + allowed_by_gap(second, "money_eur")
        )
        gaps = first.solve.gap > 0.0 or second.solve.gap > 0.0
        if (above is not None and not gaps) or (above is None and abs(off) > allowed):
            wrong[seed] = (above, off, allowed)
    assert wrong == {}


def step_money_eur(answer: Plan, step: int, revenue_eur_per_kwh: float) -> float:
    """Energy money of one step, and the revenue of its AC charging (every car is owed all it takes)."""
    assert answer.prices is not None
    hours = answer.steps[step].hours
    energy = answer.offtake_w[step] * answer.prices.offtake_eur_per_mwh[step]
    energy -= answer.injection_w[step] * answer.prices.injection_eur_per_mwh[step]
    charged_w = sum(
        device.power_w[step] for device in answer.devices.values() if device.current_a is not None
    )
    return (energy / 1e6 - charged_w / 1000.0 * revenue_eur_per_kwh) * hours


def a_step_later(document: Json, answer: Plan) -> Json:
    """The request at the end of the plan's first step, everything having gone as planned."""
    later = deepcopy(document)
    later["at"] = answer.steps[1].start.isoformat()
    for session in later["transactions"]:
        taken_wh = answer.devices[session["assetId"]].power_w[0] * answer.steps[0].hours
        session["energyCharged"] = session.get("energyCharged", 0) + taken_wh
    return later


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_a_step_later_the_rest_of_the_plan_is_still_the_best(seeds: range) -> None:
    """Cars only, all gone before the horizon ends: then the next plan can be neither better nor worse than the rest."""

    def cars_only(_random: Random, document: Json) -> Json | None:
        document = with_only_energy_prices(document)
        configuration = document["site"]["configurations"]["site_configuration"]
        configuration["device_list"] = [
            device for device in devices_of(document) if "battery" not in device["type"]
        ]
        document["state"], document["expected_sessions"] = {}, []
        document["options"]["resolution"] = "PT15M"
        document["site"]["configurations"]["revenue"] = {"revenue_per_kwh_ac_charged": 0.25}
        for session in document["transactions"]:
            session["requestedEnergy"] = min(session["requestedEnergy"], 4000)
            session.pop("minimumEnergy", None)
        return document if document["transactions"] else None

    wrong = {}
    compared = 0
    for seed, _, document in applied(seeds, site_with_known_needs, cars_only):
        first = planned(document)
        second = planned(a_step_later(document, first))
        if any(totals(answer)["requested_energy_wh"] > 0.1 for answer in (first, second)):
            continue
        compared += 1
        # At the end of the horizon stands the fixed load alone: the step that is new, and the one that was cut.
        cut = first.steps[-1].hours < 0.25
        rest = first.money.total - step_money_eur(first, 0, 0.25) - cut * step_money_eur(first, -1, 0.25)
        next_rest = second.money.total - step_money_eur(second, -1, 0.25)
        gaps = allowed_by_gap(first, "money_eur") + allowed_by_gap(second, "money_eur")
        if abs(next_rest - rest) > 2e-4 + 2e-6 * abs(rest) + gaps:
            wrong[seed] = (rest, next_rest, gaps)
    assert wrong == {}
    assert compared


@pytest.mark.parametrize("seeds", BLOCKS, ids=str)
def test_hourly_steps_are_never_better_than_quarter_hours(seeds: range) -> None:
    """Provable where every hourly plan is a quarter-hourly one of the same cost: hourly prices, cars and load only."""

    def nothing_injected(random: Random, document: Json) -> Json | None:
        document = with_only_energy_prices(document)
        configuration = document["site"]["configurations"]["site_configuration"]
        configuration["device_list"] = [
            device
            for device in devices_of(document)
            if "battery" not in device["type"] and device.get("forecast_type") != "pv"
        ]
        loads = {device["name"] for device in devices_of(document) if "forecast_type" in device}
        start = document["prices"]["start"]
        document["forecasts"] = {
            name: {
                "start": start,
                "resolution": "PT1H",
                "power_w": [random.randrange(0, 9000) for _ in range(96)],
            }
            for name in sorted(loads)
        }
        document["state"] = {}
        return document if document["transactions"] else None

    wrong = {}
    for seed, _, document in applied(seeds, site_with_known_needs, nothing_injected):
        document["options"]["resolution"] = "mixed"
        hourly = planned(document)
        document["options"]["resolution"] = "PT15M"
        quarters = planned(document)
        if words := worse_than_certified(quarters, hourly):
            wrong[seed] = words
    assert wrong == {}
