"""What happens at a site now: alarms, flows, cars with their why, boards and phases, the open quarter-hour."""

from nicegui import ui

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.now.alarm_list import AlarmList
from kwartier.adapters.dashboard.now.boards import Boards
from kwartier.adapters.dashboard.now.devices import Devices
from kwartier.adapters.dashboard.now.flows import POLES, Flows
from kwartier.adapters.dashboard.now.quarter import OpenQuarter
from kwartier.adapters.dashboard.now.standing import StandingLine
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.outcomes import UnknownSite
from kwartier.service.site_record import SiteRecord
from kwartier.service.watching.site_now import SiteNow
from kwartier.site.devices import DEVICE_TYPES
from kwartier.site.timezone import site_timezone


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """Build the page, and bring every new look at the site into it."""
    feed = viewer.works.feeds.of_site(viewer.caller, record.site_id)
    first = await feed.first()
    if isinstance(first, UnknownSite):  # deleted since the page was asked for
        return
    parts = _parts(Figures(viewer.words, site_timezone(record.site)), record, first)
    client = ui.context.client

    def receive(now: SiteNow) -> None:
        with client:
            for part in parts:
                part.show(now)

    receive(first)
    client.on_delete(feed.listen(receive))


def _parts(figures: Figures, record: SiteRecord, now: SiteNow) -> list["Part"]:
    with Tag("div", classes="kw-head"):
        Tag("h1", record.site.name or record.site_id, "kw-title")
        standing = StandingLine(figures)
    alarms = AlarmList(figures)
    flows = Flows(figures, now)
    poles = Devices(figures, "now.poles", POLES)
    with Tag("div", classes="kw-columns"):
        boards = Boards(figures, now)
        with Tag("div", classes="kw-stack"):
            quarter = OpenQuarter(figures, now)
            others = Devices(figures, "now.others", OTHER_KINDS)
    return [standing, alarms, flows, boards, quarter, others, poles]


OTHER_KINDS = frozenset(DEVICE_TYPES) - POLES
Part = StandingLine | AlarmList | Flows | Boards | OpenQuarter | Devices
VIEW = SiteView("now", "", show)
