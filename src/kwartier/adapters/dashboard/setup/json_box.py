"""The draft as JSON: to read, to change, to take away and to bring."""

import json
from collections.abc import Callable

from nicegui import ui

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.setup.draft import Draft
from kwartier.adapters.dashboard.tag import Tag
from kwartier.units.json_text import UnreadableJson, read_json

# As large as a site's document may be.
LIMIT_BYTES = 1_048_576


class JsonBox:
    """A text of the whole document. `taken` is called with an object that somebody has written or brought."""

    def __init__(self, words: Words, draft: Draft, taken: Callable[[dict[str, object]], None]) -> None:
        self._words, self._draft, self._taken = words, draft, taken
        self._typed, self._shown = "", ""
        with Tag("details", classes="kw-card kw-json"):
            Tag("summary", words("setup.json"), "kw-card-title")
            self._place = Tag("div")
            self._wrong = Tag("p", "", "kw-wrong", role="alert")
            with Tag("div", classes="kw-actions"):
                take = Tag("button", words("setup.json_take"), "kw-button", type="button")
                away = Tag("button", words("setup.json_download"), "kw-button kw-quiet", type="button")
                with Tag("label", classes="kw-button kw-quiet kw-file"):
                    Tag("span", words("setup.json_upload"))
                    file = Tag("input", type="file", accept="application/json,.json")
        take.on("click", lambda: self._take(self._typed or draft.text()))
        away.on("click", self._download)
        file.on(
            "change",
            lambda event: self._take(str(event.args)),
            js_handler="(event) => event.target.files[0]?.text().then((text) => emit(text))",
        )

    def show(self) -> None:
        """Show the draft as it is, unless somebody is writing here."""
        text = self._draft.text()
        if self._typed or text == self._shown:
            return
        self._shown = text
        self._place.clear()
        with self._place:
            # A text area of its own for each text: one that is told a new text would lose what is being typed.
            label = self._words("setup.json")
            area = Tag("textarea", classes="kw-input", rows="18", aria_label=label, defaultValue=text)
            area.props["spellcheck"] = "false"
        area.on(
            "input",
            lambda event: self._type(str(event.args)),
            js_handler="(event) => emit(event.target.value)",
        )

    def _type(self, text: str) -> None:
        self._typed = text

    def _take(self, text: str) -> None:
        try:
            value = read_json(text.encode(), limit_bytes=LIMIT_BYTES)
        except UnreadableJson as error:
            self._wrong.text = str(error)
            return
        if not isinstance(value, dict):
            self._wrong.text = self._words("setup.json_object")
            return
        self._wrong.text, self._typed = "", ""
        self._taken(json.loads(json.dumps(value)))

    def _download(self) -> None:
        name = f"{self._draft.at(('site_id',)) or 'site'}.json"
        ui.download.content(self._draft.text(), name, "application/json")
