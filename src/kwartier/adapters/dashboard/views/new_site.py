"""The guided editor for a site that does not exist yet."""

from kwartier.adapters.dashboard.setup.draft import Draft
from kwartier.adapters.dashboard.setup.editor import Editor
from kwartier.adapters.dashboard.view import FleetView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.site.templates import site_template


async def show(viewer: Viewer) -> None:
    """The editor with a template in it, so that nobody begins with nothing."""
    await Editor(viewer, None, Draft(site_template("office"))).judge()


VIEW = FleetView("new_site", "/new-site", show)
