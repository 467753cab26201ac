"""The form of a draft: cards of fields, built anew where one field decides which others there are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from nicegui import ui

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.setup.draft import BOARDS, DEVICES, Draft, Key
from kwartier.adapters.dashboard.setup.field import Field, FieldSpec
from kwartier.adapters.dashboard.setup.form_specs import (
    CONTRACT,
    board_specs,
    contract_specs,
    device_specs,
    dso_specs,
    new_board,
    new_device,
    optimization_specs,
    site_specs,
)
from kwartier.adapters.dashboard.tag import Tag
from kwartier.site.finding import Finding
from kwartier.tariffs.contracts.known import known_contracts

# Opens what the field is hidden in, and puts the cursor there.
LEAD_TO = """
{{ const field = getHtmlElement({element});
field.closest("details")?.setAttribute("open", ""); field.scrollIntoView({{block: "center"}}); field.focus(); }}
"""


class Form:
    """All fields of a draft. `changed` is called after each change of it."""

    def __init__(
        self, draft: Draft, day: date, words: Words, changed: Callable[[], None], *, is_new: bool
    ) -> None:
        self._draft, self._day, self._words, self._is_new = draft, day, words, is_new
        self._announce = changed
        self._fields: dict[str, Field] = {}
        self._place = Tag("div", classes="kw-stack")
        self.build()

    def build(self) -> None:
        """Build every card from the draft as it is."""
        self._place.clear()
        self._fields = {}
        with self._place:
            self._card("setup.site", site_specs(self._words, is_new=self._is_new))
            self._entries("setup.boards", BOARDS, board_specs, lambda: new_board(self._draft))
            self._entries("setup.devices", DEVICES, device_specs, lambda: new_device(self._draft))
            with self._card("setup.contract", contract_specs(self._draft, self._words)):
                self._known_contracts()
            self._card("setup.grid", dso_specs(self._draft, self._day, self._words))
            self._card("setup.optimization", optimization_specs(self._words))

    def show(self, findings: Sequence[Finding]) -> None:
        """Tell each field what is wrong with it: what stands at its path or below."""
        by_field: dict[str, list[Finding]] = {}
        for finding in findings:
            found = self._field_of(finding.path)
            if found is not None:
                by_field.setdefault(found, []).append(finding)
        for path, field in self._fields.items():
            field.show(by_field.get(path, []))

    def lead_to(self, path: str) -> None:
        """Put the cursor into the field in which a finding can be mended."""
        found = self._field_of(path) or next((one for one in self._fields if one.startswith(path)), None)
        if found is not None:
            ui.run_javascript(LEAD_TO.format(element=self._fields[found].input.id))

    def _field_of(self, path: str) -> str | None:
        """The field at a path, else the one that holds it."""
        holding = [one for one in self._fields if path == one or path.startswith((f"{one}.", f"{one}["))]
        return max(holding, key=len, default=None)

    def _card(self, title_key: str, specs: Iterable[FieldSpec]) -> Tag:
        with Tag("section", classes="kw-card", aria_label=self._words(title_key)) as card:
            Tag("h2", self._words(title_key), "kw-card-title")
            with Tag("div", classes="kw-fields"):
                self._add(specs)
        return card

    def _add(self, specs: Iterable[FieldSpec]) -> None:
        for spec in specs:
            self._fields[spec.json_path] = Field(spec, self._draft, self._change)

    def _entries(
        self,
        title_key: str,
        path: tuple[Key, ...],
        specs: "EntrySpecs",
        make: Callable[[], dict[str, Any]],
    ) -> None:
        words, entries = self._words, self._draft.listed(path)
        with Tag("section", classes="kw-card", aria_label=words(title_key)):
            Tag("h2", f"{words(title_key)} ({len(entries)})", "kw-card-title")
            for index, entry in enumerate(entries):
                self._entry((*path, index), entry, specs)
            button = Tag("button", words(f"{title_key}_add"), "kw-button", type="button")
            button.on("click", lambda: self._rebuilt(lambda: self._draft.add(path, make())))

    def _entry(self, path: tuple[Key, ...], entry: dict[str, Any], specs: "EntrySpecs") -> None:
        name = str(entry.get("name", "–"))
        with Tag("details", classes="kw-entry"):
            with Tag("summary"):
                Tag("strong", name)
                Tag("span", _summary(entry, self._words), "kw-muted")
            with Tag("div", classes="kw-fields"):
                self._add(specs(path, entry, self._draft, self._words))
            label = self._words("setup.remove", name=name)
            button = Tag("button", label, "kw-button kw-quiet kw-bad", type="button")
            index = int(path[-1])
            button.on("click", lambda: self._rebuilt(lambda: self._draft.remove(path[:-1], index)))

    def _known_contracts(self) -> None:
        known = {str(number): f"{one.name}, {one.card}" for number, one in enumerate(known_contracts())}

        def take(number: str) -> None:
            if number:
                document = known_contracts()[int(number)].contract.model_dump(mode="json")
                self._rebuilt(lambda: self._draft.put(CONTRACT, document))

        choice(self._words("setup.known_contract"), {"": "–", **known}, "", take)

    def _rebuilt(self, change: Callable[[], None]) -> None:
        change()
        self.build()
        self._announce()

    def _change(self, spec: FieldSpec, value: Any) -> None:
        draft, path = self._draft, spec.path
        is_board = path[: len(BOARDS)] == BOARDS
        if is_board and path[-1] == "children":
            draft.move(str(draft.at((*path[:-1], "name"))), value or None)
        elif is_board and path[-1] == "name":
            before = str(draft.at(path))
            draft.put(path, value)
            draft.rename_board(before, str(value))
        else:
            draft.put(path, value)
        if spec.is_structural:
            self.build()
        self._announce()


EntrySpecs = Callable[[tuple[Key, ...], dict[str, Any], Draft, Words], Iterable[FieldSpec]]


def _summary(entry: dict[str, Any], words: Words) -> str:
    """What an entry is, in a few words."""
    if "collector" in entry:
        kind = str(entry.get("type", "charging_pole_3phase"))
        return f"{words.text_by_key.get(f'device_kind.{kind}', kind)}, {entry['collector']}"
    return f"{entry.get('line_current', '–')} A"
