"""All sites of the partner: which need attention, and what each costs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from nicegui import background_tasks, ui

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.fleet.order import PAGE_COUNT, Order, ordered
from kwartier.adapters.dashboard.fleet.rows import EVERY_S, fleet_rows
from kwartier.adapters.dashboard.fleet.table import FleetTable
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import FleetView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.caller import Scope
from kwartier.service.watching.fleet_row import FleetRow
from kwartier.service.watching.site_figures import SiteFigures

# Ages and money need no zone; a site's own page shows its times in its own.
ZONE = ZoneInfo("UTC")


@dataclass
class _Page:
    """What one open page shows: the rows, and how they are ordered."""

    viewer: Viewer
    rows: list[FleetRow]
    order: Order = field(default_factory=Order)

    def figures_of(self, site_id: str) -> SiteFigures | None:
        return self.viewer.works.figures.get(self.viewer.caller.partner_id, site_id)

    def ordered(self) -> list[FleetRow]:
        return ordered(self.rows, self.order, self.figures_of)

    def shown(self) -> list[str]:
        """The sites on the page that is open."""
        first = self.order.page_index * PAGE_COUNT
        return [row.site_id for row in self.ordered()[first : first + PAGE_COUNT]]


async def show(viewer: Viewer) -> None:
    """The list, with what takes longer coming in behind."""
    words, ports = viewer.words, viewer.ports
    page = _Page(viewer, await fleet_rows(viewer))

    def draw() -> None:
        table.show(page.ordered(), page.order, page.figures_of, ports.clock.now())

    def change(order: Order) -> None:
        page.order = order
        draw()

    with Tag("div", classes="kw-head"):
        Tag("h1", words("view.fleet"), "kw-title")
        Tag("span", classes="kw-space")
        with Tag("label", classes="kw-search"):
            Tag("span", words("fleet.search"), "kw-hidden")
            search = Tag("input", type="search", classes="kw-input", placeholder=words("fleet.search"))
        if viewer.caller.may(Scope.WRITE):
            Tag("a", words("view.new_site"), "kw-button", href=viewer.address("/new-site"))
    with Tag("section", classes="kw-card kw-fleet"):
        table = FleetTable(
            viewer,
            Figures(words, ZONE),
            lambda column: change(page.order.by(column)),
            lambda step: change(page.order.turned(step, len(page.ordered()))),
        )
    search.on(
        "input",
        lambda event: change(page.order.searched(str(event.args))),
        js_handler="(event) => emit(event.target.value)",
        throttle=0.2,
    )
    draw()
    _keep_up(page, draw)


def _keep_up(page: _Page, draw: Callable[[], None]) -> None:
    """Read the list again from time to time, and count what its rows lack, while the page is open."""
    viewer, client = page.viewer, ui.context.client

    async def read() -> None:
        page.rows = await fleet_rows(viewer)
        draw()

    def told() -> None:
        with client:
            draw()

    async def count() -> None:
        await client.connected()
        await viewer.works.figures.count(viewer.caller, page.shown, [row.site_id for row in page.rows], told)

    ui.timer(EVERY_S, read, immediate=False)
    counting = background_tasks.create(count(), name="figures of sites")
    client.on_delete(counting.cancel)


VIEW = FleetView("fleet", "/", show)
