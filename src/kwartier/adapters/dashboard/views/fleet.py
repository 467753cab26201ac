"""All sites of the partner: which need attention, and what each costs."""

from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import FleetView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.list_sites import list_sites


async def show(viewer: Viewer) -> None:
    """The list of the sites."""
    page = await viewer.run(
        lambda: list_sites(viewer.caller, after=None, page_size=100, sites=viewer.ports.sites)
    )
    Tag("h1", viewer.words("view.fleet"), "kw-title")
    with Tag("ul", classes="kw-list"):
        for record in page.items:
            with Tag("li"):
                Tag("a", record.site.name or record.site_id, href=viewer.address(f"/sites/{record.site_id}"))


VIEW = FleetView("fleet", "/", show)
