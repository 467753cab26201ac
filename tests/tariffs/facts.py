"""The fact tables beside this file, and the sheets of the package as they are on disk."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kwartier.tariffs.sheet_file import SheetFile, read_sheet
from kwartier.tariffs.sheets import GRID_FOLDER

DATA = Path(__file__).parent / "data"

Figures = dict[tuple[str, str], Decimal]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a fact table."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shipped_files() -> dict[str, SheetFile]:
    """Every sheet of the package by its id."""
    files = [read_sheet(path, is_own=False) for path in sorted(GRID_FOLDER.rglob("*.toml"))]
    return {file.sheet_id: file for file in files}


def raw_figures(components: list[dict[str, Any]]) -> Figures:
    """Every figure with an amount in components as they stand in a file, by component and field."""
    return {
        (component["id"], field): value
        for component in components
        for field, value in _amounts(component, "")
    }


def _amounts(value: Any, path: str) -> list[tuple[str, Decimal]]:
    if isinstance(value, dict) and {"value", "unit"} <= value.keys():
        return [(path, Decimal(value["value"]))]
    if isinstance(value, dict):
        parts = [(f"{path}.{key}" if path else key, part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}[{index}]", part) for index, part in enumerate(value)]
    else:
        parts = []
    return [found for inner, part in parts for found in _amounts(part, inner)]
