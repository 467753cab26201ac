"""The dialog in which somebody decides about a session in place of its car."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nicegui import ui

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.session_outlooks.outlook import SessionOutlook
from kwartier.service.session_override import WISHES, SessionKey, Wish

Decide = Callable[[SessionKey, Wish, datetime | None, float | None], Awaitable[str | None]]
"""Carries a decision out; what it says is wrong with it, or None."""


class OverrideDialog:
    """The browser's own dialog: it keeps the focus inside, and Escape closes it."""

    def __init__(self, figures: Figures, decide: Decide) -> None:
        self._figures, self._words, self._decide = figures, figures.words, decide
        self._session: SessionKey | None = None
        self._wish: Wish = "charge_now"
        self._departure, self._minimum = "", ""
        with Tag("dialog", classes="kw-dialog", aria_labelledby="kw-dialog-title") as self._dialog:
            self._title = Tag("h2", "", "kw-card-title", id="kw-dialog-title")
            self._form = Tag("div", classes="kw-wishes", role="radiogroup", aria_labelledby="kw-dialog-title")
            self._wrong = Tag("p", "", "kw-wrong", role="alert")
            with Tag("div", classes="kw-dialog-actions"):
                cancel = Tag("button", self._words("sessions.cancel"), "kw-button kw-quiet", type="button")
                apply = Tag("button", self._words("sessions.apply"), "kw-button kw-strong", type="button")
        cancel.on("click", self._close)
        apply.on("click", self._apply)

    def open(self, outlook: SessionOutlook, now: datetime) -> None:
        """Ask about a session; what is in force is chosen already."""
        self._session = outlook.session
        override, expectation = outlook.override, outlook.expectation
        self._wish = "charge_now" if override is None else override.wish
        leaves = now + timedelta(hours=2) if expectation is None else expectation.departure
        self._departure = f"{leaves.astimezone(self._figures.zone):%Y-%m-%dT%H:%M}"
        minimum_wh = None if override is None else override.minimum_energy_wh
        wanted_wh = 10_000.0 if expectation is None else expectation.wanted_wh or 10_000.0
        self._minimum = f"{(minimum_wh or wanted_wh) / 1000.0:.1f}"
        self._title.text = self._words("sessions.change_of", name=outlook.session.asset_id)
        self._wrong.text = ""
        self._build()
        ui.run_javascript(f"getHtmlElement({self._dialog.id}).showModal()")

    def _build(self) -> None:
        self._form.clear()
        with self._form:
            for wish in WISHES:
                self._choice(wish)

    def _choice(self, wish: Wish) -> None:
        with Tag("div", classes="kw-wish"):
            with Tag("label", classes="kw-wish-label"):
                radio = Tag("input", type="radio", name_="kw-wish", value=wish)
                with Tag("span"):
                    Tag("strong", self._words(f"sessions.wish_{wish}"))
                    Tag("span", self._words(f"sessions.meaning_{wish}"), "kw-meaning")
            if wish == self._wish:
                radio.props["checked"] = True
            radio.on("change", lambda: self._choose(wish))
            if wish == "leave_at":
                self._input("datetime-local", self._departure, "sessions.departure", self._leave_at)
            if wish == "minimum":
                self._input("number", self._minimum, "sessions.minimum_kwh", self._at_least)

    def _input(self, kind: str, value: str, label_key: str, receive: Callable[[str], None]) -> None:
        # As `value` it would be set again with every change of the page, over what somebody is typing.
        field = Tag(
            "input", classes="kw-input", type=kind, aria_label=self._words(label_key), defaultValue=value
        )
        if kind == "number":
            field.props.update({"min": "0.1", "step": "0.1"})
        field.on(
            "input", lambda event: receive(str(event.args)), js_handler="(event) => emit(event.target.value)"
        )

    def _choose(self, wish: Wish) -> None:
        self._wish = wish

    def _leave_at(self, text: str) -> None:
        self._departure = text

    def _at_least(self, text: str) -> None:
        self._minimum = text

    def _close(self) -> None:
        ui.run_javascript(f"getHtmlElement({self._dialog.id}).close()")

    async def _apply(self) -> None:
        if self._session is None:
            return
        try:
            departure = self._departure_told() if self._wish == "leave_at" else None
            minimum_wh = float(self._minimum) * 1000.0 if self._wish == "minimum" else None
        except ValueError:
            self._wrong.text = self._words("sessions.unreadable")
            return
        wrong = await self._decide(self._session, self._wish, departure, minimum_wh)
        self._wrong.text = wrong or ""
        if wrong is None:
            self._close()

    def _departure_told(self) -> datetime:
        """The moment that was typed, on the clocks of the site."""
        return datetime.fromisoformat(self._departure).replace(tzinfo=self._figures.zone)
