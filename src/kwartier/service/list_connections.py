"""List the grid connections that a site document may name, and for which the amounts are known on a day."""

from dataclasses import dataclass
from datetime import date

from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.sheet_combination import Combination
from kwartier.tariffs.sheets import SheetsFound, TariffSheets

_OWN_SHEETS = TariffSheets()


@dataclass(frozen=True)
class ConnectionChoice:
    """An operator, region and connection type in the document's words, and whether a sheet holds on the day."""

    combination: Combination
    has_amounts: bool


def list_connections(
    day: date, *, dso: str | None = None, sheets: TariffSheets = _OWN_SHEETS
) -> list[ConnectionChoice]:
    """The choices of one operator, or of all, in a fixed order.

    >>> [one.has_amounts for one in list_connections(date(2026, 3, 2), dso="Sibelga")][:2]
    [True, False]
    """
    return [
        ConnectionChoice(one, isinstance(sheets.find_combination(one, DaySpan(day, day)), SheetsFound))
        for one in sheets.combinations()
        if dso is None or one.dso == dso
    ]
