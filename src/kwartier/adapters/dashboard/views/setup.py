"""The guided editor of a site's document."""

from kwartier.adapters.dashboard.setup.draft import Draft
from kwartier.adapters.dashboard.setup.editor import Editor
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """The editor with the site's document in it."""
    await Editor(viewer, record, Draft.of_record(record)).judge()


VIEW = SiteView("setup", "/setup", show)
