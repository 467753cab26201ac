"""What a site did in the last day against its plan, and what it will do."""

from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """The charts of the plan."""
    Tag("h1", record.site.name or record.site_id, "kw-title")
    Tag("p", viewer.words("view.plan"))


VIEW = SiteView("plan", "/plan", show)
