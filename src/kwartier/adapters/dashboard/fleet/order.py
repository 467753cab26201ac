"""Which sites are listed, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kwartier.service.watching.fleet_row import HEALTHS, FleetRow
from kwartier.service.watching.site_figures import SiteFigures

FiguresOf = Callable[[str], SiteFigures | None]
PAGE_COUNT = 25

COLUMNS = ("name", "status", "planned", "measured", "cost", "peak")


@dataclass(frozen=True)
class Order:
    """What is looked for, the column that counts, its direction, and the page; each change begins at the first page."""

    search: str = ""
    column: str = "status"
    is_descending: bool = False
    page_index: int = 0

    def searched(self, text: str) -> "Order":
        """With another text to look for."""
        return replace(self, search=text.strip().casefold(), page_index=0)

    def by(self, column: str) -> "Order":
        """By a column; by the same one again the other way round."""
        is_again = column == self.column
        return replace(self, column=column, is_descending=is_again and not self.is_descending, page_index=0)

    def turned(self, step: int, count: int) -> "Order":
        """Some pages on, where there are any."""
        last = max(0, -(-count // PAGE_COUNT) - 1)
        return replace(self, page_index=min(max(0, self.page_index + step), last))


def ordered(rows: Sequence[FleetRow], order: Order, figures_of: FiguresOf) -> list[FleetRow]:
    """The rows in which the text is found, in this order; what is not known comes last either way."""
    found = [
        row for row in rows if order.search in row.name.casefold() or order.search in row.site_id.casefold()
    ]
    found.sort(key=lambda row: row.name.casefold())
    keyed = [(_key(row, order.column, figures_of(row.site_id)), row) for row in found]
    known = [(key, row) for key, row in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=order.is_descending)
    return [row for _, row in known] + [row for key, row in keyed if key is None]


def _key(row: FleetRow, column: str, figures: SiteFigures | None) -> Any:
    match column:
        case "name":
            return row.name.casefold()
        case "status":
            return HEALTHS.index(row.health)
        case "planned":
            return row.planned_at
        case "measured":
            return None if figures is None else figures.measured_at
        case "cost":
            return None if figures is None else figures.cost_today_eur
        case _:
            return None if figures is None else figures.month_peak_w
