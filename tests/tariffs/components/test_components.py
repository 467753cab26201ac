"""Components of a sheet: what they refuse, and the small answers that they give."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kwartier.tariffs.components import (
    CONFIDENCE_WORDS,
    GRID_KINDS,
    LEVY_KINDS,
    AccessPower,
    AnyComponent,
    AnyLevy,
    ConnectionPower,
    MonthlyPeak,
    RollingMaxPeak,
)
from tests.house.project import ROOT

FOLDER = ROOT / "src" / "kwartier" / "tariffs" / "components"
COMPONENT: TypeAdapter[Any] = TypeAdapter(AnyComponent)
LEVY: TypeAdapter[Any] = TypeAdapter(AnyLevy)


def figure(value: object, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit, "source": "list", "confidence": "O"}


def component(kind: str, **fields: object) -> dict[str, object]:
    return {"id": "term", "kind": kind, "group": "grid", **fields}


def steps(*bounds: int | None) -> list[dict[str, object]]:
    price = figure(1, "EUR/year")
    return [{"price": price} | ({} if bound is None else {"up_to_kva": bound}) for bound in bounds]


def test_every_kind_has_a_file_of_its_name() -> None:
    shared = {"__init__", "component", "figure"}
    files = {path.stem for path in FOLDER.glob("*.py")} - shared
    assert files == {*GRID_KINDS, *LEVY_KINDS}


def test_amounts_are_the_digits_of_the_file() -> None:
    read = COMPONENT.validate_python(component("fixed", price=figure(Decimal("57.65"), "EUR/year")))
    assert str(read.price.value) == "57.65"
    whole = COMPONENT.validate_python(component("fixed", price=figure(12, "EUR/month")))
    assert whole.price.value == Decimal(12)


@pytest.mark.parametrize("value", [57.65, "57.65", True, None, Decimal("NaN"), Decimal(-1)])
def test_an_amount_that_is_no_exact_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        COMPONENT.validate_python(component("fixed", price=figure(value, "EUR/year")))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (component("connection_power", steps=steps(13, 6, None)), "must ascend"),
        (component("connection_power", steps=steps(6, 13)), "must ascend"),
        (component("connection_power", steps=steps(None, None)), "must ascend"),
        (
            component(
                "rolling_max_peak",
                price=figure(60, "EUR/kW/year"),
                degression=[
                    {"peak_kw": 1000, "factor": figure(Decimal("0.8"), "factor")},
                    {"peak_kw": 500, "factor": figure(1, "factor")},
                ],
            ),
            "must ascend in peak_kw",
        ),
        (component("energy"), "give either price, or calendar"),
        (component("energy", calendar="walloon-mv"), "give either price, or calendar"),
        (component("fixed", price=figure(1, "EUR/year"), vat="half"), "vat"),
        (component("fixed", price=figure(1, "EUR/year"), id="Data management"), "id"),
    ],
)
def test_a_component_that_contradicts_itself_is_refused(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        COMPONENT.validate_python(fields)


def test_levy_brackets_end_with_an_open_one() -> None:
    closed = [{"up_to_mwh": 20, "price": figure(Decimal("14.21"), "EUR/MWh")}]
    with pytest.raises(ValidationError, match="the last one must have none"):
        LEVY.validate_python(component("levy_brackets", brackets=closed))


@pytest.mark.parametrize(("power_kva", "step"), [("0.1", 0), ("13", 0), ("13.01", 1), ("250", 1)])
def test_a_connection_of_exactly_a_bound_is_in_the_step_below_it(power_kva: str, step: int) -> None:
    read = COMPONENT.validate_python(component("connection_power", steps=steps(13, None)))
    assert isinstance(read, ConnectionPower)
    assert read.step_of(Decimal(power_kva)) is read.steps[step]


@pytest.mark.parametrize("kind", ["monthly_peak", "rolling_max_peak"])
def test_the_rank_is_the_maximum_where_the_sheet_says_nothing(kind: str) -> None:
    fields = component(kind, price=figure(1, "EUR/kW/month"))
    plain = COMPONENT.validate_python(fields)
    ranked = COMPONENT.validate_python(fields | {"rank": figure(11, "quarter-hour")})
    assert isinstance(plain, MonthlyPeak | RollingMaxPeak)
    assert (plain.counted_rank, ranked.counted_rank) == (1, 11)


def test_an_overrun_is_remembered_for_at_least_its_own_month() -> None:
    prices = {name: figure(30, "EUR/kVA/year") for name in ("price", "overrun_price")}
    for months, remembered in ((0, 1), (1, 1), (12, 12)):
        fields = component("access_power", **prices, overrun_memory_months=figure(months, "month"))
        read = COMPONENT.validate_python(fields)
        assert isinstance(read, AccessPower)
        assert read.memory_months == remembered


def test_every_confidence_mark_is_explained() -> None:
    assert list(CONFIDENCE_WORDS) == ["O", "S3", "S2", "S", "S?", "D", "A"]
    assert all(CONFIDENCE_WORDS.values())
