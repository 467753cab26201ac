"""Tariff sheets as a person reads them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kwartier.adapters.cli.tables import LINES
from kwartier.adapters.cli.terminal import visible
from kwartier.tariffs.components import CONFIDENCE_WORDS
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import Combination
from kwartier.tariffs.sheet_file import SheetFile


def combination_table(rows: Sequence[tuple[Combination, Sequence[SheetFile]]]) -> Table:
    """One line per combination, one column per year in which any sheet holds."""
    years = sorted({year for _, files in rows for file in files for year in _years(file)})
    table = Table(box=LINES, header_style="dim", show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("operator, region", "connection type", *map(str, years)):
        table.add_column(head, overflow="fold")
    for combination, files in rows:
        place = combination.dso if combination.region == "All" else f"{combination.dso} {combination.region}"
        words = [_state(files, year) for year in years]
        table.add_row(visible(place), visible(combination.connection_type), *words)
    return table


def _years(file: SheetFile) -> range:
    return range(file.span.first.year, file.span.last.year + 1) if file.span else range(0)


def _state(files: Sequence[SheetFile], year: int) -> str:
    """«known, S», «2 missing», «unusable», or a hyphen where there is no sheet."""
    held = [file for file in files if year in _years(file)]
    return "; ".join(dict.fromkeys(map(_state_of_file, held))) or "-"


def _state_of_file(file: SheetFile) -> str:
    own = "own, " if file.is_own else ""
    if file.sheet is not None:
        least_sure = list(confidence_counts(file.sheet))[-1]
        return f"{own}known, {least_sure}"
    missing = sum(finding.rule == "sheet.missing_figure" for finding in file.findings)
    return f"{own}{missing} missing" if missing == len(file.findings) else f"{own}unusable"


def confidence_counts(sheet: Sheet) -> dict[str, int]:
    """How many figures of a sheet have each confidence mark, the surest first."""
    counts = Counter(figure.confidence for _, _, figure in sheet.figures())
    return {mark: counts[mark] for mark in CONFIDENCE_WORDS if counts[mark]}


def figure_lists(content: dict[str, Any]) -> Iterator[RenderableType]:
    """Each component of a sheet's file and its figures: amount, unit, confidence, source; a missing one says so."""
    for component in _tables(content.get("components")):
        words = f", «{component['label']}»" if "label" in component else ""
        yield Text(visible(f"{component.get('id')}{words}, {component.get('kind')}"), style="bold")
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=22, overflow="fold")
        table.add_column(width=12, overflow="fold", justify="right")
        table.add_column(width=13, overflow="fold")
        table.add_column(width=3)
        table.add_column(overflow="fold")
        for field, figure in _figures(component, ""):
            notes = [str(figure[key]) for key in ("source", "note", "missing") if key in figure]
            amount = "missing" if "missing" in figure else f"{Decimal(figure['value']):f}"
            cells = (f"  {field}", amount, str(figure["unit"]), str(figure.get("confidence", "")))
            table.add_row(*(visible(cell) for cell in (*cells, ": ".join(notes))))
        yield table


def source_lines(content: dict[str, Any]) -> Iterator[str]:
    """The sources, gaps and confidence marks of a sheet's file, one per line."""
    sources = content.get("sources")
    for key, source in (sources if isinstance(sources, dict) else {}).items():
        parts = [str(source[part]) for part in ("title", "url", "retrieved") if part in source]
        yield visible(f"{key}: {', '.join(parts)}")
    proration = content.get("proration")
    if isinstance(proration, dict):
        words = ", ".join(
            str(proration[key]) for key in ("method", "source", "confidence") if key in proration
        )
        yield visible(f"prices per year: {words}")
    for gap in _tables(content.get("gaps")):
        yield visible(f"not on this sheet: {gap.get('what')}; {gap.get('missing')}")
    marks = {figure.get("confidence") for _, figure in _figures(content, "")}
    marks |= {proration.get("confidence")} if isinstance(proration, dict) else set()
    yield from (f"{mark}: {words}" for mark, words in CONFIDENCE_WORDS.items() if mark in marks)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _figures(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table that is a figure, or stands for one, with its path."""
    if isinstance(value, dict) and "unit" in value and ("missing" in value or "value" in value):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _figures(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _figures(part, _bound_words(part) or f"{path}[{index}]")


def _bound_words(part: Any) -> str | None:
    """«to 13 kVA» for a step that says so."""
    bounds = {"up_to_kva": "to {} kVA", "up_to_mwh": "to {} MWh", "peak_kw": "at {} kW"}
    found = (
        words.format(part[key]) for key, words in bounds.items() if isinstance(part, dict) and key in part
    )
    return next(found, None)
