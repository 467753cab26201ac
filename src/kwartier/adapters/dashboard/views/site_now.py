"""What happens at a site now."""

from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """The site's boards and devices."""
    Tag("h1", record.site.name or record.site_id, "kw-title")
    Tag("p", viewer.words("view.now"))


VIEW = SiteView("now", "", show)
