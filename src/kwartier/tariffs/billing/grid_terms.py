"""The grid's lines of a month: the sheet that holds for all of it, and what to know about its figures."""

from dataclasses import replace

from kwartier.site.dso import Dso
from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.billing.components import grid_lines
from kwartier.tariffs.billing.refusal import refusal
from kwartier.tariffs.components.figure import CONFIDENCE_WORDS, Confidence
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheets import AmountsUnknown, TariffSheets

_PATH = "$.configurations.dso"
# The marks of figures whose own author doubts them, or that nobody has written down.
_NOT_SURE: tuple[Confidence, ...] = ("S?", "A")


def sheet_of_month(sheets: TariffSheets, dso: Dso, billed: BilledMonth) -> Sheet:
    """The sheet that holds for every day of the month; raises CannotBill where there is none.

    A bill without grid fees would look like a bill and be half of one: who wants it asks for it.
    """
    found = sheets.find(dso, billed.first_day, billed.last_day)
    if isinstance(found, AmountsUnknown):
        advice = "or leave grid fees out of the bill on purpose (--without-grid)"
        raise refusal(
            "no_amounts_known", _PATH, f"{billed.month}: {found.message}; {advice}", str(found.combination)
        )
    if len(found.sheets) > 1:
        names = " and ".join(sheet.id for sheet in found.sheets)
        message = f"{billed.month} is divided between {names}: a month has one sheet; let it begin on a first"
        raise refusal("divided_month", _PATH, message, names)
    for note in found.notes:
        billed.warn(note)
    return found.sheets[0]


def sheet_lines(sheet: Sheet, billed: BilledMonth) -> list[BillLine]:
    """The lines of a sheet's components, with warnings about figures that are not sure and terms that it lacks."""
    _warn_of_gaps(sheet, billed)
    _warn_of_confidence(sheet, billed)
    return grid_lines(sheet.components, replace(billed, sources=sheet.sources))


def _warn_of_gaps(sheet: Sheet, billed: BilledMonth) -> None:
    for gap in sheet.gaps:
        if gap.concerns != "injection" or billed.injection_kwh:
            billed.warn(f"this bill lacks {gap.what}: its amount is not known ({gap.missing})")


def _warn_of_confidence(sheet: Sheet, billed: BilledMonth) -> None:
    marked = [(component, figure.confidence) for component, _, figure in sheet.figures()]
    marked.append(("proration by days", sheet.proration.confidence))
    for mark in _NOT_SURE:
        named = dict.fromkeys(name for name, confidence in marked if confidence == mark)
        if named:
            billed.warn(f"{sheet.id}: {', '.join(named)}: {CONFIDENCE_WORDS[mark]}; check it")
