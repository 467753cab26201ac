"""Finding the sheets of a connection: kwartier's own, and those of folders that the user names.

Kwartier's own files bear their combination in their names, so that looking up one site reads no more than its own few.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from kwartier.site.document import Site
from kwartier.site.dso import Dso
from kwartier.site.finding import Finding
from kwartier.tariffs.day_span import ONE_DAY, DaySpan, uncovered
from kwartier.tariffs.levies import LevyFile
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import WHERE_TO_GET, Combination, combination_of, slug
from kwartier.tariffs.sheet_rules import sheet_findings
from kwartier.tariffs.tariff_file import TariffFile, read_tariff_file
from kwartier.tariffs.toml_file import UnreadableToml, read_toml

GRID_FOLDER = Path(__file__).parent / "grid"


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


@dataclass(frozen=True)
class SheetsFound:
    """The sheets of a combination that hold on the days asked for, in their order; `notes` say what overrides what."""

    combination: Combination
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AmountsUnknown:
    """No amounts for all of the days asked for: `message` says why, what is known, and the next step.

    `findings` are the faults of the sheets that would be needed; `known` the days for which sheets of the combination
    can be used.
    """

    combination: Combination | None
    message: str
    findings: tuple[Finding, ...] = ()
    known: tuple[DaySpan, ...] = ()


class TariffSheets:
    """Kwartier's own sheets, and those below the given folders, which take their place.

    A sheet of a folder overrides every sheet of kwartier with its id, and every one of its combination that it shares a
    day with. Files are read when somebody asks for them, and once.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = tuple(folders)

    def find(self, dso: Dso, first: date, last: date) -> SheetsFound | AmountsUnknown:
        """The sheets for the local days from `first` to `last`, both included; raises OSError where a file fails."""
        combination = combination_of(dso)
        if combination is None:
            return AmountsUnknown(
                None, "the grid operator, region or connection type is not known; correct the site document"
            )
        return self.find_combination(combination, DaySpan(first, last))

    def find_combination(self, combination: Combination, asked: DaySpan) -> SheetsFound | AmountsUnknown:
        """As `find`, for a combination."""
        files, notes = self.files_of(combination)
        known = tuple(file.span for file in files if file.span is not None and file.sheet is not None)
        nameless = [one for file in self._own if file.combination is None for one in file.findings]
        if nameless:
            return _refused(combination, nameless, known)
        if order := list(order_findings(files)):
            return _refused(combination, order, known)
        held = [file for file in files if file.span is not None and file.span.common(asked) is not None]
        if broken := [one for file in held if file.sheet is None for one in file.findings]:
            return _refused(combination, broken, known)
        if left := uncovered(asked, known):
            return AmountsUnknown(combination, _absent_words(combination, left[0], known), (), known)
        return SheetsFound(combination, tuple(file.sheet for file in held if file.sheet is not None), notes)

    def files_of(self, combination: Combination) -> tuple[list[SheetFile], tuple[str, ...]]:
        """The files of a combination by the days they hold, and what overrides what."""
        own = [file for file in self._own if file.combination == combination]
        files, notes = list(own), []
        for shipped in map(_shipped_file, _shipped_paths(combination)):
            over = next((file for file in own if _overrides(file, shipped)), None)
            if over is None:
                files.append(shipped)
            else:
                notes.append(
                    f"{over.path.name}: {over.sheet_id} takes the place of kwartier's {shipped.sheet_id}"
                )
        return sorted(files, key=lambda file: file.span or DaySpan(date.max, date.max)), tuple(notes)

    @property
    def levy_files(self) -> tuple[LevyFile, ...]:
        """The levy files of the folders that can be used."""
        return tuple(file.document for file in self._levy_files if file.document is not None)

    @property
    def own_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files of the folders, levy files included."""
        sheets = [one for file in self._own for one in file.findings]
        return (*sheets, *(one for file in self._levy_files for one in file.findings))

    @cached_property
    def _paths(self) -> tuple[Path, ...]:
        return tuple(path for folder in self._folders for path in sorted(folder.rglob("*.toml")))

    @cached_property
    def _own(self) -> tuple[SheetFile, ...]:
        return tuple(read_sheet(path, is_own=True) for path in self._paths if not is_levy_file(path))

    @cached_property
    def _levy_files(self) -> tuple[TariffFile[LevyFile], ...]:
        return tuple(read_tariff_file(LevyFile, path) for path in self._paths if is_levy_file(path))


def sheets_for(
    dso: Dso, first: date, last: date, folders: Iterable[Path] = ()
) -> SheetsFound | AmountsUnknown:
    """The sheets of a connection for the local days from `first` to `last`, both included.

    >>> from kwartier.site.dso import Fluvius
    >>> dso = Fluvius(dso="Fluvius", region="Imewo", connection_type="LS net")
    >>> sheets_for(dso, date(2026, 3, 1), date(2026, 3, 31)).sheets[0].id
    'fluvius/imewo/low-voltage-network/2026'
    """
    return TariffSheets(folders).find(dso, first, last)


def amounts_finding(site: Site, day: date, sheets: TariffSheets | None = None) -> Finding | None:
    """A warning where no amounts are known for the site's connection on a local day; None where they are.

    None too where the site names no operator, or one that is not known: other findings say so.
    """
    dso = site.configurations.dso
    combination = combination_of(dso) if dso is not None else None
    if combination is None:
        return None
    found = (sheets or TariffSheets()).find_combination(combination, DaySpan(day, day))
    if isinstance(found, SheetsFound):
        return None
    known = ", ".join(map(str, found.known)) or "no day"
    return Finding(
        "dso.no_amounts_known",
        "WARNING",
        "$.configurations.dso",
        f"no amounts known: {found.message}",
        str(combination),
        f"days with amounts: {known}",
    )


def read_sheet(path: Path, *, is_own: bool) -> SheetFile:
    """The sheet in a file with all that is wrong with it; raises OSError for a file that cannot be read."""
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


def _overrides(own: SheetFile, shipped: SheetFile) -> bool:
    if own.sheet_id == shipped.sheet_id:
        return True
    return own.span is not None and shipped.span is not None and own.span.common(shipped.span) is not None


def _shipped_paths(combination: Combination) -> list[Path]:
    folder = GRID_FOLDER / slug(combination.dso)
    stem = re.compile(rf"{slug(combination.region)}-{slug(combination.connection_type)}-\d{{4}}(-\d{{2}})?")
    return sorted(path for path in folder.glob("*.toml") if stem.fullmatch(path.stem))


@lru_cache(maxsize=256)
def _shipped_file(path: Path) -> SheetFile:
    return read_sheet(path, is_own=False)


def _refused(combination: Combination, findings: list[Finding], known: tuple[DaySpan, ...]) -> AmountsUnknown:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    message = f"the sheet of {combination} cannot be used: {findings[0].message}{more}"
    return AmountsUnknown(combination, message, tuple(findings), known)


def _absent_words(combination: Combination, left: DaySpan, known: tuple[DaySpan, ...]) -> str:
    holds = f"its sheets hold for {', '.join(map(str, known))}" if known else "it has none for any day"
    where = WHERE_TO_GET[combination.dso]
    return (
        f"no sheet of {combination} holds for {left}; {holds}. The amounts stand on {where}; «kwartier tariffs new» "
        "writes a blank sheet for them"
    )
