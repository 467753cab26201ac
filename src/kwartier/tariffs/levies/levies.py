"""Which levies and which rate of value added tax hold for a connection on some days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from kwartier.site.dso import Dso, Fluvius, Sibelga, WalloonDso
from kwartier.site.finding import Finding
from kwartier.tariffs.components import Confidence, LevyBrackets, LevyEnergy, LevyMonthly
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.levies.levy_file import Area, Customer, LevyEntry, LevyFile
from kwartier.tariffs.sheet import Voltage
from kwartier.tariffs.source import Source
from kwartier.tariffs.toml_file import read_toml

_FOLDER = Path(__file__).parent

AREAS: tuple[Area, ...] = ("belgium", "flanders", "brussels", "wallonia")


@dataclass(frozen=True)
class LevyAmount:
    """A levy that holds from `first` to `last`, both inside the days that were asked for."""

    component: LevyBrackets | LevyEnergy | LevyMonthly
    first: date
    last: date
    sources: dict[str, Source]


@dataclass(frozen=True)
class VatAmount:
    """A rate of value added tax in percent that holds from `first` to `last`."""

    rate_percent: Decimal
    first: date
    last: date
    source: Source
    confidence: Confidence


@dataclass(frozen=True)
class Levies:
    """The levies and VAT rates of a connection; `unknown` has a warning for each levy whose amount nobody knows.

    What is unknown is not 0: a bill must show the warnings, because its total lacks those lines.
    """

    amounts: tuple[LevyAmount, ...]
    vat: tuple[VatAmount, ...]
    unknown: tuple[Finding, ...]


def area_of(dso: Dso) -> Area | None:
    """The region of Belgium that an operator works in, None for an unknown operator."""
    match dso:
        case Fluvius():
            return "flanders"
        case Sibelga():
            return "brussels"
        case WalloonDso():
            return "wallonia"
        case _:
            return None


def levies_for(
    area: Area,
    voltage: Voltage,
    customer: Customer,
    first: date,
    last: date,
    own_files: Sequence[LevyFile] = (),
) -> Levies:
    """The levies of Belgium and of an area for the days from `first` to `last` inclusive.

    On days for which one of `own_files` has an amount of a levy, that amount takes the place of kwartier's own.
    """
    files = [file for file in (*own_files, *map(_shipped, AREAS)) if file.area in ("belgium", area)]
    entries = [(entry, file) for file in files for entry in file.levies if entry.is_for(voltage, customer)]
    amounts: list[LevyAmount] = []
    unknown: list[Finding] = []
    for levy in dict.fromkeys(entry.levy for entry, _ in entries):
        mine = [(entry, file) for entry, file in entries if entry.levy == levy]
        taken, left = _taken(mine, DaySpan(first, last))
        for entry, file, span in taken:
            if entry.component is not None:
                amounts.append(LevyAmount(entry.component, span.first, span.last, file.sources))
            else:
                unknown.append(_unknown(levy, span, str(entry.missing)))
        unknown.extend(_unknown(levy, span, _latest_words(mine)) for span in left)
    vat, without_rate = _vat(files, voltage, customer, DaySpan(first, last))
    unknown.extend(
        _unknown("vat", span, "write the rate in a levy file of your own") for span in without_rate
    )
    return Levies(tuple(amounts), tuple(vat), tuple(unknown))


def _taken(
    entries: Iterable[tuple[LevyEntry, LevyFile]], asked: DaySpan
) -> tuple[list[tuple[LevyEntry, LevyFile, DaySpan]], list[DaySpan]]:
    """Each entry with the days it is used for, the first ones first, and the days that are left."""
    left = [asked]
    taken: list[tuple[LevyEntry, LevyFile, DaySpan]] = []
    for entry, file in entries:
        held = [common for span in left if (common := span.common(entry.span)) is not None]
        taken.extend((entry, file, span) for span in held)
        left = [rest for span in left for rest in span.without(entry.span)]
    return taken, left


def _vat(
    files: Iterable[LevyFile], voltage: Voltage, customer: Customer, asked: DaySpan
) -> tuple[list[VatAmount], list[DaySpan]]:
    """The rates, those of the first files first, and the days without any."""
    left = [asked]
    rates = []
    for file in files:
        for entry in file.vat:
            if not entry.is_for(voltage, customer):
                continue
            for span in (common for each in left if (common := each.common(entry.span)) is not None):
                source = file.sources[entry.rate.source]
                rates.append(
                    VatAmount(entry.rate.value, span.first, span.last, source, entry.rate.confidence)
                )
            left = [rest for span in left for rest in span.without(entry.span)]
    return rates, left


def _unknown(levy: str, span: DaySpan, where: str) -> Finding:
    message = f"no amount is known of the levy {levy} for {span}, so that a bill lacks it: {where}"
    return Finding("levy.no_amount_known", "WARNING", "$.configurations.dso", message, levy)


def _latest_words(entries: Iterable[tuple[LevyEntry, LevyFile]]) -> str:
    spans = [entry.span for entry, _ in entries]
    known = DaySpan(min(span.first for span in spans), max(span.last for span in spans))
    return f"its amounts hold within {known}; add the others in a levy file of your own"


@cache
def _shipped(area: Area) -> LevyFile:
    return LevyFile.model_validate(read_toml(_FOLDER / f"{area}.toml"))
