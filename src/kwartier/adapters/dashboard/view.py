"""What a view is: a page of the dashboard, one per file in `views`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord


@dataclass(frozen=True)
class FleetView:
    """A page about all sites of a partner. `show` builds it; `name` is its key under `[view]` in the catalogues."""

    name: str
    path: str
    show: Callable[[Viewer], Awaitable[None]]


@dataclass(frozen=True)
class SiteView:
    """A page about one site, and a tab among the site's others. Its address is /sites/{site_id} and `path`."""

    name: str
    path: str
    show: Callable[[Viewer, SiteRecord], Awaitable[None]]

    def path_of(self, site_id: str) -> str:
        """The page of one site."""
        return f"/sites/{site_id}{self.path}"
