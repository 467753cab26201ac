"""What is over: the sessions of the last day, and the record of what was decided."""

from collections.abc import Sequence
from datetime import datetime

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.sessions.session_words import decider, decision, sun
from kwartier.adapters.dashboard.table import Table
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.session_outlooks.outlook import SessionOutlook
from kwartier.service.session_override import NumberedOverride


class EndedSessions:
    """The sessions that ended within a day, as a table."""

    def __init__(self, figures: Figures) -> None:
        self._figures, words = figures, figures.words
        with Tag("section", aria_labelledby="kw-ended"):
            Tag("h2", words("sessions.ended"), "kw-section-title", id="kw-ended")
            heads = [
                words(f"sessions.column_{name}")
                for name in ("pole", "badge", "time", "energy", "cost", "sun")
            ]
            self._table = Table(
                heads, words("sessions.ended"), words("sessions.none_ended"), first_numeric_index=3
            )

    def show(self, ended: Sequence[SessionOutlook], now: datetime) -> None:
        """Show another look."""
        self._table.show([self._row(one, now) for one in ended])

    def _row(self, one: SessionOutlook, now: datetime) -> list[str]:
        figures = self._figures
        time = f"{figures.day_clock(one.started_at, now)} – {figures.day_clock(one.stopped_at, now)}"
        return [
            one.session.asset_id,
            one.id_tag or "",
            time,
            figures.energy(one.charged_wh),
            figures.money(one.account.cost_eur),
            sun(one.account, figures),
        ]


class Decisions:
    """Who decided what about which session, newest first."""

    def __init__(self, figures: Figures) -> None:
        self._figures, words = figures, figures.words
        with Tag("section", aria_labelledby="kw-decisions"):
            Tag("h2", words("sessions.decisions"), "kw-section-title", id="kw-decisions")
            heads = [words(f"sessions.column_{name}") for name in ("when", "who", "pole", "what")]
            self._table = Table(heads, words("sessions.decisions"), words("sessions.no_decisions"))

    def show(self, record: Sequence[NumberedOverride], now: datetime) -> None:
        """Show another look."""
        figures = self._figures
        self._table.show(
            [
                [
                    figures.day_clock(one.override.asked_at, now),
                    decider(one.override),
                    one.override.session.asset_id,
                    decision(one.override, figures, now),
                ]
                for one in record
            ]
        )
