"""What the dashboard works with."""

from dataclasses import dataclass

from kwartier.adapters.dashboard.feed import SiteFeeds
from kwartier.adapters.dashboard.fleet.figure_cache import FigureCache
from kwartier.adapters.dashboard.shared_looks import SharedLooks
from kwartier.service.ports import Ports
from kwartier.service.recognise_user import UserRecogniser
from kwartier.service.watching.planned_past import PlannedPast


@dataclass(frozen=True)
class Works:
    """The service's ports, who is signed in, the looks at sites, and what plans said."""

    ports: Ports
    recogniser: UserRecogniser
    feeds: SiteFeeds
    looks: SharedLooks
    planned_past: PlannedPast
    figures: FigureCache
