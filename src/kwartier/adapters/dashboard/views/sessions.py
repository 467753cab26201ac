"""The cars: energy, departure, whether each will be ready, cost and share of sun; and decisions about them."""

from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.sessions.override_dialog import OverrideDialog
from kwartier.adapters.dashboard.sessions.past_lists import Decisions, EndedSessions
from kwartier.adapters.dashboard.sessions.running_sessions import RunningSessions
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.caller import Scope
from kwartier.service.list_session_overrides import list_session_overrides
from kwartier.service.outcomes import UnknownSite
from kwartier.service.override_session import OverrideRefused, UnknownSession, override_session
from kwartier.service.page import Page
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_sessions import SiteSessions, read_sessions
from kwartier.service.session_outlooks.outlook import SessionOutlook
from kwartier.service.session_override import NumberedOverride, SessionKey, Wish
from kwartier.service.site_record import SiteRecord
from kwartier.site.timezone import site_timezone

LOOK_S = 5.0
RECORD_COUNT = 10


@dataclass(frozen=True)
class Look:
    """The sessions, and the newest of what was decided about them."""

    sessions: SiteSessions
    record: tuple[NumberedOverride, ...]


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """Build the page, and bring every new look into it."""
    page = _SessionsPage(viewer, record)
    await page.build()


class _SessionsPage:
    def __init__(self, viewer: Viewer, record: SiteRecord) -> None:
        self._viewer, self._site_id = viewer, record.site_id
        self._figures = Figures(viewer.words, site_timezone(record.site))
        self._key = ("sessions", viewer.caller.partner_id, record.site_id)
        self._may_decide = viewer.caller.may(Scope.WRITE)
        self._now: datetime = viewer.ports.clock.now()

    async def build(self) -> None:
        words = self._viewer.words
        with Tag("div", classes="kw-head"):
            Tag("h1", words("view.sessions"), "kw-title")
        first = await self._look()
        if first is None:
            Tag("p", words("sessions.not_plannable"), "kw-alert")
            return
        dialog = OverrideDialog(self._figures, self._decide) if self._may_decide else None
        change = None if dialog is None else lambda outlook: self._open(dialog, outlook)
        self._running = RunningSessions(self._figures, change)
        self._ended, self._decisions = EndedSessions(self._figures), Decisions(self._figures)
        self._show(first)
        ui.timer(LOOK_S, self._refresh, immediate=False)

    def _open(self, dialog: OverrideDialog, outlook: SessionOutlook) -> None:
        dialog.open(outlook, self._now)

    async def _look(self) -> Look | None:
        viewer = self._viewer
        return await viewer.works.looks.at(self._key, LOOK_S, lambda: _read(viewer, self._site_id))

    async def _refresh(self) -> None:
        look = await self._look()
        if look is not None:
            self._show(look)

    def _show(self, look: Look) -> None:
        self._now = look.sessions.at
        self._running.show(look.sessions)
        self._ended.show(look.sessions.ended, look.sessions.at)
        self._decisions.show(look.record, look.sessions.at)

    async def _decide(
        self, session: SessionKey, wish: Wish, departure: datetime | None, minimum_wh: float | None
    ) -> str | None:
        viewer, words = self._viewer, self._viewer.words
        if not self._may_decide or not await viewer.is_signed_in():
            return words("sessions.may_not")
        outcome = await viewer.run(
            lambda: override_session(
                viewer.caller,
                self._site_id,
                session,
                wish,
                departure_time=departure,
                minimum_energy_wh=minimum_wh,
                ports=viewer.ports,
            )
        )
        match outcome:
            case NumberedOverride():
                viewer.works.looks.drop(self._key)
                await self._refresh()
                return None
            case OverrideRefused():
                return words("sessions.refused_departure" if wish == "leave_at" else "sessions.unreadable")
            case UnknownSession() | UnknownSite():
                return words("sessions.gone")


def _read(viewer: Viewer, site_id: str) -> Look | None:
    sessions = read_sessions(viewer.caller, site_id, ports=viewer.ports)
    record = list_session_overrides(
        viewer.caller,
        site_id,
        before_number=None,
        page_size=RECORD_COUNT,
        sites=viewer.ports.sites,
        session_overrides=viewer.ports.session_overrides,
    )
    if isinstance(sessions, UnknownSite | NotPlannable) or not isinstance(record, Page):
        return None
    return Look(sessions, tuple(record.items))


VIEW = SiteView("sessions", "/sessions", show)
