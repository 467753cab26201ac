"""What the dashboard works with."""

from dataclasses import dataclass

from kwartier.adapters.dashboard.feed import SiteFeeds
from kwartier.adapters.dashboard.shared_looks import SharedLooks
from kwartier.service.ports import Ports
from kwartier.service.recognise_user import UserRecogniser


@dataclass(frozen=True)
class Works:
    """The service's ports, who is signed in, and the looks at the sites that somebody has open."""

    ports: Ports
    recogniser: UserRecogniser
    feeds: SiteFeeds
    looks: SharedLooks
