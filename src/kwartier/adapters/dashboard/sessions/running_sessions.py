"""The cars that are there: figures over all of them, and a card for each."""

from collections.abc import Callable, Sequence
from datetime import datetime

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.sessions.session_card import SessionCard
from kwartier.adapters.dashboard.sessions.session_words import is_ready_in_time
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.tile import Tile
from kwartier.service.read_sessions import SiteSessions
from kwartier.service.session_outlooks.outlook import SessionOutlook
from kwartier.service.session_override import SessionKey


class RunningSessions:
    """Builds itself once; then it shows every look."""

    def __init__(self, figures: Figures, change: Callable[[SessionOutlook], None] | None) -> None:
        self._figures, self._words = figures, figures.words
        with Tag("div", classes="kw-tiles"):
            self._here = Tile(self._words("sessions.here"))
            self._in_time = Tile(self._words("sessions.in_time"))
            self._to_come = Tile(self._words("sessions.to_come"))
            self._cost = Tile(self._words("sessions.cost"))
            self._sun = Tile(self._words("sessions.sun"))
        self._nobody = Tag("p", self._words("sessions.nobody"), "kw-muted")
        self._here_cards = _Cards(figures, "sessions.running", "kw-running", change)
        self._coming_cards = _Cards(figures, "sessions.reserved", "kw-reserved", change)

    def show(self, sessions: SiteSessions) -> None:
        """Show another look."""
        ordered = sorted(sessions.running, key=_urgency)
        here = [one for one in ordered if one.started_at <= sessions.at]
        coming = [one for one in ordered if one.started_at > sessions.at]
        self._show_tiles(here)
        self._nobody.set_visibility(not here)
        self._here_cards.show(here, sessions.at)
        self._coming_cards.show(sorted(coming, key=lambda one: one.started_at), sessions.at)

    def _show_tiles(self, running: Sequence[SessionOutlook]) -> None:
        figures = self._figures
        ready_count = sum(map(is_ready_in_time, running))
        self._here.show(figures.number(len(running)))
        text = self._words("sessions.count_of", count=ready_count, all=len(running)) if running else ""
        self._in_time.show(text or figures.number(None))
        planned = [one.planned for one in running if one.planned is not None]
        self._to_come.show(figures.energy(sum(one.energy_wh for one in planned)))
        accounts = [one.whole_account for one in running]
        costs = [one.cost_eur for one in accounts if one.cost_eur is not None]
        self._cost.show(figures.money(sum(costs) if costs else None), self._words("sessions.cost_detail"))
        suns = [(one.sun_share, one.energy_wh) for one in accounts if one.sun_share is not None]
        energy_wh = sum(one for _, one in suns)
        share = sum(share * one for share, one in suns) / energy_wh if energy_wh > 0.0 else None
        self._sun.show(
            figures.percent(None if share is None else share * 100.0), self._words("sessions.sun_detail")
        )


def _urgency(outlook: SessionOutlook) -> tuple[bool, float]:
    """Those that will not be ready first, then those that leave soonest."""
    expectation = outlook.expectation
    leaves_s = float("inf") if expectation is None else expectation.departure.timestamp()
    return is_ready_in_time(outlook), leaves_s


class _Cards:
    """A section of cards; those are built anew only when another car is in it, or in another place."""

    def __init__(
        self,
        figures: Figures,
        title_key: str,
        identifier: str,
        change: Callable[[SessionOutlook], None] | None,
    ) -> None:
        self._figures, self._change = figures, change
        self._cards: dict[SessionKey, SessionCard] | None = None
        with Tag("section", aria_labelledby=identifier) as self._section:
            Tag("h2", figures.words(title_key), "kw-section-title", id=identifier)
            self._grid = Tag("div", classes="kw-cards")

    def show(self, sessions: Sequence[SessionOutlook], now: datetime) -> None:
        self._section.set_visibility(bool(sessions))
        if self._cards is None or list(self._cards) != [one.session for one in sessions]:
            self._grid.clear()
            with self._grid:
                self._cards = {one.session: SessionCard(self._figures, one, self._change) for one in sessions}
        for one in sessions:
            self._cards[one.session].show(one, now)
