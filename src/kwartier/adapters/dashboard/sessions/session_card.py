"""A running session: what it has and wants, when it leaves, whether it will be ready, what it costs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.sessions.session_words import decider, decision, has_all, sun, verdict
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.session_outlooks.outlook import SessionOutlook


@dataclass(frozen=True)
class Fact:
    """A value and a word about it."""

    value: Tag
    detail: Tag

    def show(self, value: str, detail: str = "") -> None:
        """Show another value."""
        self.value.text, self.detail.text = value, detail


FACTS = ("leaves", "ready", "cost", "sun")


class SessionCard:
    """A card that can show its session at another moment. `change` is called with it; None: the reader may not."""

    def __init__(
        self, figures: Figures, outlook: SessionOutlook, change: Callable[[SessionOutlook], None] | None
    ) -> None:
        self._figures, self._words, self._outlook = figures, figures.words, outlook
        name = outlook.session.asset_id
        with Tag("article", classes="kw-card kw-session", aria_label=name):
            with Tag("div", classes="kw-device-head"):
                with Tag("div"):
                    Tag("h3", name, "kw-device-name")
                    self._who = Tag("p", "", "kw-label")
                self._verdict = Tag("span", "", "kw-chip")
            self._charged = Tag("p", "", "kw-session-energy")
            self._gauge = Gauge(f"{name}: {self._words('sessions.charged')}", is_bad_when_full=False)
            with Tag("dl", classes="kw-session-facts"):
                self._facts = {key: self._fact(key) for key in FACTS}
            self._decision = Tag("p", "", "kw-decision")
            if change is not None:
                label = self._words("sessions.change_of", name=name)
                button = Tag(
                    "button", self._words("sessions.change"), "kw-button", type="button", aria_label=label
                )
                button.on("click", lambda: change(self._outlook))

    def show(self, outlook: SessionOutlook, now: datetime) -> None:
        """Show the session at another moment."""
        self._outlook = outlook
        figures, words = self._figures, self._words
        self._who.text = self._visitor(outlook, now)
        found = verdict(outlook, figures)
        self._verdict.text = found.text
        self._verdict.classes(replace=f"kw-chip kw-tone-{found.tone}")
        self._show_energy(outlook)
        self._show_departure(outlook, now)
        self._show_ready(outlook, now)
        cost_eur = outlook.account.cost_eur
        so_far = "" if cost_eur is None else words("sessions.so_far", cost=figures.money(cost_eur))
        self._facts["cost"].show(figures.money(outlook.whole_account.cost_eur), so_far)
        self._facts["sun"].show(sun(outlook.whole_account, figures))
        override = outlook.override
        self._decision.text = (
            ""
            if override is None
            else words(
                "sessions.decided_by",
                what=decision(override, figures, now),
                who=decider(override),
                time=figures.day_clock(override.asked_at, now),
            )
        )

    def _fact(self, key: str) -> "Fact":
        with Tag("div"):
            Tag("dt", self._words(f"sessions.{key}"))
            with Tag("dd"):
                return Fact(Tag("span", ""), Tag("span", "", "kw-fact-detail"))

    def _visitor(self, outlook: SessionOutlook, now: datetime) -> str:
        key = "sessions.since" if outlook.started_at <= now else "sessions.comes"
        since = self._words(key, time=self._figures.day_clock(outlook.started_at, now))
        return since if outlook.id_tag is None else f"{outlook.id_tag} · {since}"

    def _show_energy(self, outlook: SessionOutlook) -> None:
        wanted_wh = None if outlook.expectation is None else outlook.expectation.wanted_wh
        charged, wanted = self._figures.energy(outlook.charged_wh), self._figures.energy(wanted_wh)
        text = self._words("sessions.energy_of", charged=charged, wanted=wanted)
        self._charged.text = text
        self._gauge.show(None if not wanted_wh else min(1.0, outlook.charged_wh / wanted_wh), text)

    def _show_ready(self, outlook: SessionOutlook, now: datetime) -> None:
        planned = outlook.planned
        if planned is not None and planned.charged_by is None and not has_all(outlook):
            self._facts["ready"].show(self._words("sessions.after_plan"))
            return
        self._facts["ready"].show(
            self._figures.day_clock(None if planned is None else planned.charged_by, now)
        )

    def _show_departure(self, outlook: SessionOutlook, now: datetime) -> None:
        expectation = outlook.expectation
        if expectation is None:
            return
        time = self._figures.day_clock(expectation.departure, now)
        origin = self._words(f"sessions.origin_{expectation.departure_origin}")
        self._facts["leaves"].show(time, origin)
