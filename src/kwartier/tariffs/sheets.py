"""Finding the sheets of a connection: kwartier's own, and those that the user adds.

Kwartier's own files bear their combination in their names, so that looking up one site reads no more than its own few.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from kwartier.site.document import Site
from kwartier.site.dso import Dso
from kwartier.site.finding import Finding
from kwartier.tariffs.day_span import DaySpan, uncovered
from kwartier.tariffs.levies import LevyFile
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import (
    WHERE_TO_GET,
    Combination,
    all_combinations,
    combination_of,
    slug,
)
from kwartier.tariffs.sheet_file import SheetFile, is_levy_file, order_findings, read_levies, read_sheet
from kwartier.tariffs.tariff_file import TariffFile

GRID_FOLDER = Path(__file__).parent / "grid"


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
    """Kwartier's own sheets, and the files and folders of the user, which take their place.

    A sheet of the user overrides every sheet of kwartier with its id, and every one of its combination that it shares a
    day with. Files are read when somebody asks for them, and once.
    """

    def __init__(self, places: Iterable[Path] = ()) -> None:
        self._places = tuple(places)

    def find(self, dso: Dso, first: date, last: date) -> SheetsFound | AmountsUnknown:
        """The sheets for the local days from `first` to `last`, both included."""
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

    def combinations(self) -> tuple[Combination, ...]:
        """Every combination that a site document may name, and those that only a file of the user names."""
        own = [file.combination for file in self._own if file.combination is not None]
        return tuple(dict.fromkeys((*all_combinations(), *own)))

    def with_id(self, sheet_id: str) -> SheetFile | None:
        """The file of the sheet with this id, None where there is none."""
        named = [one for one in self.combinations() if sheet_id.startswith(f"{one.slug}/")]
        candidates = [file for one in named for file in self.files_of(one)[0]]
        return next((file for file in (*self._own, *candidates) if file.sheet_id == sheet_id), None)

    @property
    def levy_files(self) -> tuple[LevyFile, ...]:
        """The user's levy files; those with findings are left out."""
        return tuple(file.document for file in self._levy_files if file.document and not file.findings)

    @property
    def own_findings(self) -> tuple[tuple[Path, Finding], ...]:
        """What is wrong with each file of the user, and with the order of sheets that they are part of."""
        found = [(file.path, one) for file in self._own for one in file.findings]
        found.extend((file.path, one) for file in self._levy_files for one in file.findings)
        for combination in dict.fromkeys(file.combination for file in self._own):
            if combination is not None:
                path = next(file.path for file in self._own if file.combination == combination)
                found.extend((path, one) for one in order_findings(self.files_of(combination)[0]))
        return tuple(found)

    @cached_property
    def _paths(self) -> tuple[Path, ...]:
        found: list[Path] = []
        for place in self._places:
            found.extend(sorted(place.rglob("*.toml")) if place.is_dir() else [place])
        return tuple(found)

    @cached_property
    def _own(self) -> tuple[SheetFile, ...]:
        return tuple(read_sheet(path, is_own=True) for path in self._paths if not is_levy_file(path))

    @cached_property
    def _levy_files(self) -> tuple[TariffFile[LevyFile], ...]:
        return tuple(read_levies(path) for path in self._paths if is_levy_file(path))


def sheets_for(
    dso: Dso, first: date, last: date, places: Iterable[Path] = ()
) -> SheetsFound | AmountsUnknown:
    """The sheets of a connection for the local days from `first` to `last`, both included.

    >>> from kwartier.site.dso import Fluvius
    >>> dso = Fluvius(dso="Fluvius", region="Imewo", connection_type="LS net")
    >>> sheets_for(dso, date(2026, 3, 1), date(2026, 3, 31)).sheets[0].id
    'fluvius/imewo/low-voltage-network/2026'
    """
    return TariffSheets(places).find(dso, first, last)


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
