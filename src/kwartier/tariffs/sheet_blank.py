"""A blank sheet: the terms of a combination with every figure missing, for a person to fill in."""

import json
from datetime import date
from typing import Any

from kwartier.tariffs.sheet_combination import (
    VOLTAGE_BY_CONNECTION_TYPE,
    WHERE_TO_GET,
    Combination,
)
from kwartier.tariffs.sheet_file import SheetFile
from kwartier.tariffs.sheets import TariffSheets

_FIRST_KEYS = ("id", "kind", "group", "label", "vat")


def blank_sheet(combination: Combination, year: int, like: dict[str, Any] | None, read_on: date) -> str:
    """A sheet of a combination and calendar year as TOML, every figure `missing`.

    `like` is the content of a sheet with the same terms; without one it has the terms that every tariff has. `read_on`
    is the day that the list of amounts is read. The text is a sheet as soon as every figure is written in.
    """
    where = f"{WHERE_TO_GET[combination.dso]}, {year}"
    components = like["components"] if like is not None else _basic_components(combination)
    head = [
        f"# {combination}, {year}.",
        "# Write a figure for each `missing`, such as",
        '#   price = { value = 12.3456789, unit = "EUR/kWh", source = "list", confidence = "O" }',
        "# and add or remove components as the operator's list has them; docs/tariffs.md says what each kind needs.",
        f"id = {_text(f'{combination.slug}/{year}')}",
        f"dso = {_text(combination.dso)}",
        f"region = {_text(combination.region)}",
        f"connection_type = {_text(combination.connection_type)}",
        f"valid_from = {year}-01-01",
        f"valid_to = {year}-12-31",
        f"voltage = {_text(VOLTAGE_BY_CONNECTION_TYPE[combination.connection_type])}",
        f"transmission = {_text('included' if combination.dso == 'Fluvius' else 'line')}",
        'proration = { method = "days/365", source = "list", confidence = "A" }',
        "",
        "[sources.list]",
        f"title = {_text(f'Tariff list of {combination.dso}, {year}')}",
        f"retrieved = {read_on}",
    ]
    blocks = ["\n".join(head), *(_component(one, where) for one in components)]
    return "\n\n".join(blocks) + "\n"


def template_of(sheets: TariffSheets, wanted: Combination) -> SheetFile | None:
    """The newest sheet with the same terms: of the combination, else of another region, else of another operator."""
    candidates = [
        file
        for one in sheets.combinations()
        if one.connection_type == wanted.connection_type
        for file in sheets.files_of(one)[0]
    ]

    def nearness(file: SheetFile) -> tuple[bool, bool, date]:
        is_same_operator = file.combination is not None and file.combination.dso == wanted.dso
        return file.combination == wanted, is_same_operator, file.span.last if file.span else date.min

    return max(candidates, key=nearness, default=None)


def _component(component: dict[str, Any], where: str) -> str:
    keys = [key for key in _FIRST_KEYS if key in component]
    keys += [key for key in component if key not in _FIRST_KEYS]
    return "\n".join(["[[components]]", *(f"{key} = {_value(component[key], where)}" for key in keys)])


def _value(value: Any, where: str) -> str:
    """A value in TOML on one line; a figure, or what stands for one, becomes one that is missing."""
    if isinstance(value, dict) and ("missing" in value or {"value", "unit"} <= value.keys()):
        return f"{{ missing = {_text(where)}, unit = {_text(str(value['unit']))} }}"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(part, where)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(part, where) for part in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return str(value)


def _text(value: str) -> str:
    """Text is written in TOML as in JSON (TOML 1.0, basic strings)."""
    return json.dumps(value, ensure_ascii=False)


def _basic_components(combination: Combination) -> list[dict[str, Any]]:
    def energy(name: str, group: str) -> dict[str, Any]:
        return {"id": name, "kind": "energy", "group": group, "price": {"missing": "", "unit": "EUR/kWh"}}

    fixed = {"id": "fixed", "kind": "fixed", "group": "grid", "price": {"missing": "", "unit": "EUR/year"}}
    terms = [energy("distribution", "grid"), energy("public-service", "public_service"), fixed]
    return terms if combination.dso == "Fluvius" else [*terms, energy("transport", "transmission")]
