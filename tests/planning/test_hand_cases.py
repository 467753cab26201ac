"""Plans whose every expected number was worked out by hand: one JSON file per case in `cases/`.

A case has a `title`, the `arithmetic` in words and figures with units, a plan `request`, and what is `expected` of the
plan. In the request `{"runs": [[4, 100], [92, 40]]}` stands for a series of 4 times 100 and 92 times 40. An expectation
names its subject with `what`, a path into the plan, may keep the steps that start at or after `from` and before `to`,
and says one thing of what is left:

    is, each                    the value, or each value of the series, equals this
    one_of                      each value of the series equals one of these
    at_least, at_most           each value (or the only one) is so
    smallest, largest           the extreme of the series equals this
    energy_wh                   the sum of power (W) times the step's length (h) equals this
    count, contains             the list has so many entries; one of its texts contains this

Numbers are equal when they differ by at most `within` (0.01, money 0.00001 EUR, where it is not said).
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kwartier.planning.check.plan_check import check_plan
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
Json = Any


def expanded(document: Json) -> Json:
    """The document with every `runs` written out as a list."""
    if isinstance(document, dict):
        if set(document) == {"runs"}:
            return [value for count, value in document["runs"] for _ in range(count)]
        return {key: expanded(value) for key, value in document.items()}
    return [expanded(value) for value in document] if isinstance(document, list) else document


def at_path(document: Json, path: str) -> Json:
    """What stands at a path such as `limit_violations[0].current_a`."""
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        document = document[int(index)] if index else document[key]
    return document


def equal(observed: Json, wanted: Json, within: float) -> bool:
    """Whether two values are the same, numbers within the margin."""
    if isinstance(observed, int | float) and isinstance(wanted, int | float):
        return abs(observed - wanted) <= within
    return bool(observed == wanted)


CHECKS: dict[str, Callable[[list[Json], Json, float], bool]] = {
    "is": lambda values, wanted, within: equal(values[0], wanted, within),
    "each": lambda values, wanted, within: all(equal(value, wanted, within) for value in values),
    "one_of": lambda values, wanted, within: all(
        any(equal(value, one, within) for one in wanted) for value in values
    ),
    "at_least": lambda values, wanted, within: min(values) >= wanted - within,
    "at_most": lambda values, wanted, within: max(values) <= wanted + within,
    "smallest": lambda values, wanted, within: equal(min(values), wanted, within),
    "largest": lambda values, wanted, within: equal(max(values), wanted, within),
    "energy_wh": lambda values, wanted, within: equal(sum(values), wanted, within),
    "count": lambda values, wanted, _within: len(values) == wanted,
    "contains": lambda values, wanted, _within: any(wanted in value for value in values),
}


def chosen_values(made: Json, expectation: Json) -> list[Json]:
    """The values that an expectation speaks of; for `energy_wh` the energy of each step in Wh."""
    found = at_path(made, expectation["what"])
    values = list(found) if isinstance(found, list | dict) else [found]
    if "energy_wh" in expectation:
        values = [value * step["hours"] for value, step in zip(values, made["steps"], strict=True)]
    if "from" not in expectation:
        return values
    first, end = (datetime.fromisoformat(expectation[edge]) for edge in ("from", "to"))
    starts = [datetime.fromisoformat(step["start"]) for step in made["steps"]]
    return [value for value, start in zip(values, starts, strict=True) if first <= start < end]


def unmet(made: Json, expectation: Json) -> str | None:
    """What is wrong with the plan in the light of one expectation, in words; None where nothing is."""
    verbs = [verb for verb in expectation if verb in CHECKS]
    assert len(verbs) == 1, f"say one thing: {expectation}"
    assert set(expectation) <= {"what", "from", "to", "within", verbs[0]}, f"unknown word: {expectation}"
    values = chosen_values(made, expectation)
    usual = 1e-5 if "money" in expectation["what"] else 0.01
    if values and CHECKS[verbs[0]](values, expectation[verbs[0]], expectation.get("within", usual)):
        return None
    return f"{expectation}: the plan has {sum(values) if verbs[0] == 'energy_wh' else values}"


def read_case(name: str) -> Json:
    """One case with its series written out."""
    return expanded(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def planned(case: Json) -> tuple[PlanRequest, Plan]:
    """The request of a case and the plan for it."""
    request = PlanRequest.model_validate_json(json.dumps(case["request"]))
    return request, plan(request)


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_is_what_the_hand_calculation_says(name: str) -> None:
    case = read_case(name)
    request, made = planned(case)
    document = json.loads(made.model_dump_json())
    wrong = [text for expectation in case["expected"] if (text := unmet(document, expectation))]
    assert not wrong, "\n".join([case["title"], *case["arithmetic"], *wrong])
    violations = check_plan(request, made).violations
    assert violations == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_explains_itself(name: str) -> None:
    case = read_case(name)
    assert set(case) == {"title", "arithmetic", "request", "expected"}
    assert case["title"]
    assert case["expected"]
    assert any(re.search(r"\d", line) for line in case["arithmetic"])


def test_an_expectation_that_does_not_hold_is_reported() -> None:
    case = read_case("one_car_and_one_price_dip")
    document = json.loads(planned(case)[1].model_dump_json())
    dip = {
        "what": "devices.pole.power_w",
        "from": "2025-03-03T02:00:00+01:00",
        "to": "2025-03-03T04:00:00+01:00",
    }
    assert unmet(document, {**dip, "energy_wh": 16_000}) is not None
    assert unmet(document, {"what": "money.total", "is": 0.6634}) is not None
    assert unmet(document, {"what": "warnings", "contains": "no such words"}) is not None
