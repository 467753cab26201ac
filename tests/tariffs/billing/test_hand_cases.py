"""Bills whose every expected figure was worked out by hand: one JSON file per case in `cases/`.

A case has a `title`, the `arithmetic` in words and figures, the `contract` and `dso` of a site, `facts` as
`kwartier bill --facts` reads them, a `meter`, the `period` to bill, and what is `expected`. A meter has a `start` and
`offtake_kwh` (and perhaps `injection_kwh`) as runs: [[2976, 1.0], [1, 5.5], [4, null]] is 2976 quarter-hours of 1 kWh,
one of 5.5, four that are not known. Expected are `lines` by component with the figures to compare, exactly, perhaps
`totals`, `provisional`, and texts that `warnings` contain. Optional: `customer`, `index`, `day_ahead` (as in a plan
request), `sheets`: sheet files of the case's own in TOML, by name, `unexplained_eur`: what an invoice has and no source
explains.
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kwartier.planning.request import DayAhead
from kwartier.tariffs.billing import Bill, DayAheadPrices, bill
from kwartier.tariffs.billing.facts_document import FactsDocument
from kwartier.tariffs.sheets import TariffSheets
from tests.tariffs.billing.site_making import site_of
from tests.tariffs.meter_making import series_of

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
KEYS = {"title", "arithmetic", "contract", "dso", "meter", "period", "expected"}
OPTIONAL = {"facts", "customer", "index", "day_ahead", "sheets", "unexplained_eur"}
Json = dict[str, Any]


def read_case(name: str) -> Json:
    case: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return case


def values(runs: list[Any]) -> list[Any]:
    return [value for count, value in runs for _ in range(count)]


def plain(document: Any) -> Any:
    """The case as a JSON reader would give it, for documents that want floats."""
    return json.loads(json.dumps(document, default=float))


def billed(case: Json, folder: Path) -> Bill:
    meter = case["meter"]
    injection = values(meter["injection_kwh"]) if "injection_kwh" in meter else None
    document = FactsDocument.model_validate(plain(case.get("facts", {})))
    prices = None
    if "day_ahead" in case:
        given = case["day_ahead"] | {"eur_per_mwh": values(case["day_ahead"]["eur_per_mwh"])}
        known = DayAhead.model_validate(plain(given))
        prices = DayAheadPrices.of(known.start, known.eur_per_mwh, known.resolution)
    for name, text in case.get("sheets", {}).items():
        (folder / name).write_text("\n".join(text), encoding="utf-8")
    return bill(
        site_of(plain(case["contract"]), plain(case["dso"])),
        series_of(meter["start"], values(meter["offtake_kwh"]), injection),
        case["period"],
        facts=document.facts(case.get("customer", "business"), case.get("index", "PT15M")),
        day_ahead=prices,
        sheets=TariffSheets([folder]),
    )


def unmet(made: Bill, expected: Json) -> list[str]:
    """What is not as expected, in words."""
    by_name = {line.component: line for line in made.lines}
    wrong = []
    for name, figures in expected["lines"].items():
        if name not in by_name:
            wrong.append(f"no line {name}; there are {sorted(by_name)}")
            continue
        for figure, wanted in figures.items():
            seen = getattr(by_name[name], figure)
            if (Decimal(wanted) if isinstance(seen, Decimal) else wanted) != seen:
                wrong.append(f"{name}: {figure} is {seen}, not {wanted}")
    for figure, wanted in expected.get("totals", {}).items():
        if getattr(made, figure) != Decimal(wanted):
            wrong.append(f"{figure} is {getattr(made, figure)}, not {wanted}")
    if made.provisional != expected.get("provisional", False):
        wrong.append(f"provisional is {made.provisional}")
    wrong += [
        f"no warning contains {text!r}: {made.warnings}"
        for text in expected.get("warnings", [])
        if not any(text in warning for warning in made.warnings)
    ]
    return wrong


@pytest.mark.parametrize("name", NAMES)
def test_the_bill_is_what_the_hand_calculation_says(name: str, tmp_path: Path) -> None:
    case = read_case(name)
    wrong = unmet(billed(case, tmp_path), case["expected"])
    assert not wrong, "\n".join([case["title"], *case["arithmetic"], *wrong])


@pytest.mark.parametrize("name", NAMES)
def test_a_case_explains_itself(name: str) -> None:
    case = read_case(name)
    assert set(case) >= KEYS
    assert set(case) <= KEYS | OPTIONAL
    assert any(re.search(r"\d", line) for line in case["arithmetic"])
    assert case["expected"]["lines"]


def test_a_figure_that_does_not_hold_is_reported(tmp_path: Path) -> None:
    case = read_case(NAMES[0])
    made = billed(case, tmp_path)
    name = made.lines[0].component
    assert unmet(made, {"lines": {name: {"amount_eur": "0.01"}}, "provisional": made.provisional})
    assert unmet(
        made, {"lines": {"nothing": {}}, "provisional": not made.provisional, "warnings": ["no such"]}
    )
