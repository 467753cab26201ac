"""One file of the user or of kwartier: a sheet or levies, with all that is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from kwartier.site.finding import Finding
from kwartier.tariffs.day_span import ONE_DAY, DaySpan
from kwartier.tariffs.levies.levy_file import LevyFile
from kwartier.tariffs.levies.levy_rules import levy_findings
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import Combination
from kwartier.tariffs.sheet_rules import sheet_findings
from kwartier.tariffs.tariff_file import TariffFile, read_tariff_file
from kwartier.tariffs.toml_file import UnreadableToml, read_toml


@dataclass(frozen=True)
class SheetFile:
    """A sheet's file: what it is for and when as far as it says so, and the sheet, or what is wrong with it."""

    path: Path
    is_own: bool
    sheet_id: str
    combination: Combination | None
    span: DaySpan | None
    sheet: Sheet | None
    findings: tuple[Finding, ...]


def read_sheet(path: Path, *, is_own: bool) -> SheetFile:
    """The sheet in a file with all that is wrong with it."""
    file = read_tariff_file(Sheet, path)
    findings = list(file.findings)
    if file.document is not None:
        findings = sheet_findings(file.document)
    raw = file.raw
    words = [raw.get(key) for key in ("dso", "region", "connection_type")]
    named = [word for word in words if isinstance(word, str)]
    days = [raw.get(key) for key in ("valid_from", "valid_to")]
    span = [day for day in days if isinstance(day, date)]
    return SheetFile(
        path,
        is_own,
        str(raw.get("id", path.name)),
        Combination(*named) if len(named) == len(words) else None,
        DaySpan(*span) if len(span) == len(days) else None,
        file.document if not findings else None,
        tuple(findings),
    )


def is_levy_file(path: Path) -> bool:
    """Whether a file holds levies: it names an area, which a sheet does not."""
    try:
        return "area" in read_toml(path)
    except UnreadableToml:
        return False


def read_levies(path: Path) -> TariffFile[LevyFile]:
    """The levies in a file with all that is wrong with them."""
    file = read_tariff_file(LevyFile, path)
    return replace(file, findings=tuple(levy_findings(file.document))) if file.document is not None else file


def order_findings(files: Iterable[SheetFile]) -> Iterator[Finding]:
    """Overlaps and gaps between the sheets of one combination, given by the days they hold."""
    dated = [(file, file.span) for file in files if file.span is not None]
    for (before, before_span), (after, after_span) in pairwise(dated):
        if after_span.first <= before_span.last:
            message = (
                f"{before.sheet_id} and {after.sheet_id} both hold on {after_span.first}; let one end before the "
                "other begins"
            )
            yield Finding(
                "sheet.overlap", "ERROR", "$.valid_from", message, str(after_span), str(before_span)
            )
        elif after_span.first - before_span.last > ONE_DAY:
            left = DaySpan(before_span.last + ONE_DAY, after_span.first - ONE_DAY)
            message = f"between {before.sheet_id} and {after.sheet_id} nothing holds for {left}; add a sheet"
            yield Finding("sheet.gap", "ERROR", "$.valid_from", message, str(left))
