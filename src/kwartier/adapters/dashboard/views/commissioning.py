"""What an installer checks: which asset sends what, how old it is, and which phase reacts to which pin."""

from nicegui import ui

from kwartier.adapters.dashboard.commissioning.asset_table import AssetTable
from kwartier.adapters.dashboard.commissioning.phase_table import PhaseTable
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.outcomes import UnknownSite
from kwartier.service.read_commissioning import Commissioning, read_commissioning
from kwartier.service.site_record import SiteRecord
from kwartier.site.timezone import site_timezone

LOOK_S = 5.0


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """Build the page, and bring every new look into it."""
    figures = Figures(viewer.words, site_timezone(record.site))
    key = ("commissioning", viewer.caller.partner_id, record.site_id)

    async def look() -> Commissioning | UnknownSite:
        return await viewer.works.looks.at(
            key, LOOK_S, lambda: read_commissioning(viewer.caller, record.site_id, ports=viewer.ports)
        )

    with Tag("div", classes="kw-head"):
        Tag("h1", viewer.words("view.commissioning"), "kw-title")
    with Tag("div", classes="kw-stack"):
        assets, phases = AssetTable(figures), PhaseTable(figures)

    async def refresh() -> None:
        found = await look()
        if isinstance(found, Commissioning):
            assets.show(found.assets, found.at)
            phases.show(found.assets)

    await refresh()
    ui.timer(LOOK_S, refresh, immediate=False)


VIEW = SiteView("commissioning", "/commissioning", show)
