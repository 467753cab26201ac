"""The table of sites: one page of it, its head to sort by, and the way to the other pages."""

from collections.abc import Callable, Sequence
from datetime import datetime

from kwartier.adapters.dashboard.figures import UNKNOWN, Figures
from kwartier.adapters.dashboard.fleet.order import COLUMNS, PAGE_COUNT, FiguresOf, Order
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.watching.fleet_row import FleetRow
from kwartier.service.watching.site_figures import SiteFigures


class FleetTable:
    """Shows rows; `choose` is called with a column that is clicked, `turn` with the number of pages to go on."""

    def __init__(
        self, viewer: Viewer, figures: Figures, choose: Callable[[str], None], turn: Callable[[int], None]
    ) -> None:
        self._viewer, self._figures, self._words = viewer, figures, viewer.words
        self._heads: dict[str, Tag] = {}
        with Tag("table", classes="kw-table"):
            Tag("caption", self._words("view.fleet"), "kw-hidden")
            with Tag("thead"), Tag("tr"):
                for column in COLUMNS:
                    self._head(column, choose)
            self._body = Tag("tbody")
        self._nothing = Tag("p", self._words("fleet.none"), "kw-muted", role="status")
        self._lines: list[_Line] = []
        with Tag("div", classes="kw-pager"):
            self._count = Tag("span", "", "kw-muted", role="status")
            self._back = self._button("fleet.previous", lambda: turn(-1))
            self._on = self._button("fleet.next", lambda: turn(1))

    def _head(self, column: str, choose: Callable[[str], None]) -> None:
        with Tag("th", scope="col", classes=f"kw-col-{column}") as head:
            button = Tag("button", self._words(f"fleet.{column}"), "kw-sort", type="button")
            button.on("click", lambda: choose(column))
        self._heads[column] = head

    def _button(self, key: str, act: Callable[[], None]) -> Tag:
        button = Tag("button", self._words(key), "kw-button", type="button")
        button.on("click", act)
        return button

    def show(self, rows: Sequence[FleetRow], order: Order, figures_of: FiguresOf, now: datetime) -> None:
        """Show the page of these rows that is asked for."""
        for column, head in self._heads.items():
            direction = "descending" if order.is_descending else "ascending"
            head.props["aria-sort"] = direction if column == order.column else "none"
        first = order.page_index * PAGE_COUNT
        shown = rows[first : first + PAGE_COUNT]
        with self._body:
            self._lines += [_Line(self._viewer, self._figures) for _ in range(len(shown) - len(self._lines))]
        for number, line in enumerate(self._lines):
            row = shown[number] if number < len(shown) else None
            line.show(row, None if row is None else figures_of(row.site_id), now)
        self._nothing.set_visibility(not rows)
        self._count.text = self._words(
            "fleet.count", first=first + 1 if shown else 0, last=first + len(shown), all=len(rows)
        )
        self._back.props["disabled"] = first == 0
        self._on.props["disabled"] = first + PAGE_COUNT >= len(rows)


class _Line:
    """A line of the table, which is filled again and again and never built anew."""

    def __init__(self, viewer: Viewer, figures: Figures) -> None:
        self._viewer, self._figures, self._words = viewer, figures, viewer.words
        with Tag("tr") as self._line:
            with Tag("th", scope="row", classes="kw-col-name"):
                self._name = Tag("a")
            with Tag("td", classes="kw-col-status"):
                self._status = Tag("span")
            self._planned, self._measured, self._cost = map(self._cell, ("planned", "measured", "cost"))
            with self._cell("peak"):
                self._peak, self._peak_before = Tag("span"), Tag("span", "", "kw-detail")

    def _cell(self, column: str) -> Tag:
        cell = Tag("td", "", f"kw-col-{column}")
        cell.props["data-label"] = self._words(f"fleet.{column}")
        return cell

    def show(self, row: FleetRow | None, figures: SiteFigures | None, now: datetime) -> None:
        """Show a site, None: nothing."""
        self._line.set_visibility(row is not None)
        if row is None:
            return
        write = self._figures
        self._name.text = row.name
        self._name.props["href"] = self._viewer.address(f"/sites/{row.site_id}")
        self._status.text = self._state(row)
        self._status.classes(replace=f"kw-chip kw-tone-{row.health}")
        self._planned.text = _age(write, row.planned_at, now)
        self._measured.text = _age(write, None if figures is None else figures.measured_at, now)
        self._cost.text = write.money(None if figures is None else figures.cost_today_eur)
        self._peak.text = write.power(None if figures is None else figures.month_peak_w)
        before = write.power(None if figures is None else figures.last_month_peak_w)
        self._peak_before.text = self._words("fleet.last_month", power=before) if before != UNKNOWN else ""

    def _state(self, row: FleetRow) -> str:
        """What is the matter, or what it follows."""
        if not row.is_active:
            return self._words("fleet.inactive")
        if row.validation == "ERROR":
            return self._words("fleet.errors")
        if row.rung not in {"optimal", "feasible"}:
            return self._words(f"now.rung_{row.rung or 'none'}")
        return self._words("fleet.warnings" if row.health == "warn" else "now.rung_optimal")


def _age(figures: Figures, moment: datetime | None, now: datetime) -> str:
    return figures.age(None if moment is None else now - moment)
