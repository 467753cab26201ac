"""One field of the form: its label, its input, and what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kwartier.adapters.dashboard.setup.draft import Draft, Key
from kwartier.adapters.dashboard.tag import Tag
from kwartier.site.finding import Finding
from kwartier.site.json_path import step_into

Kind = Literal["text", "number", "yes_no", "choice"]


@dataclass(frozen=True)
class FieldSpec:
    """What a field edits. `scale` is how many of the document's units one of the shown ones is: 1000 for kW.

    `is_structural` says that other fields depend on the value, so that the form is built anew.
    """

    path: tuple[Key, ...]
    label: str
    kind: Kind = "text"
    options: Mapping[str, str] | None = None
    scale: float = 1.0
    is_structural: bool = False
    is_fixed: bool = False
    convert: Callable[[str], Any] | None = None
    shown: str | None = None

    @property
    def json_path(self) -> str:
        """The path as findings write it."""
        path = "$"
        for key in self.path:
            path = step_into(path, key)
        return path


class Field:
    """A field in the page; findings are told to it."""

    def __init__(self, spec: FieldSpec, draft: Draft, changed: Callable[[FieldSpec, Any], None]) -> None:
        self.spec, self._changed = spec, changed
        value = draft.at(spec.path) if spec.shown is None else spec.shown
        with Tag("div", classes="kw-field"):
            with Tag("label", classes="kw-field-label"):
                Tag("span", spec.label)
                self.input = self._choice(value) if spec.kind == "choice" else self._typed(value)
            self.wrong = Tag("p", "", "kw-field-wrong", aria_live="polite")
        self.wrong.props["id"] = f"kw-wrong-{self.input.id}"
        self.input.props["aria-describedby"] = f"kw-wrong-{self.input.id}"

    def show(self, findings: list[Finding]) -> None:
        """Show what is wrong with the value, or nothing."""
        is_error = any(one.severity == "ERROR" for one in findings)
        self.wrong.text = " ".join(one.message for one in findings)
        self.wrong.classes(
            replace="kw-field-wrong" + ("" if is_error or not findings else " kw-field-warning")
        )
        self.input.props["aria-invalid"] = "true" if is_error else "false"

    def _typed(self, value: Any) -> Tag:
        spec = self.spec
        if spec.kind == "yes_no":
            box = Tag("input", classes="kw-box", type="checkbox")
            if value:
                box.props["checked"] = True
            box.on(
                "change",
                lambda event: self._changed(spec, bool(event.args)),
                js_handler="(event) => emit(event.target.checked)",
            )
            return box
        shown = "" if value is None else str(value)
        if spec.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
            shown = f"{value / spec.scale:g}"
        # As `value` it would be set again with every change of the page, over what somebody is typing.
        typed = Tag("input", classes="kw-input", type="text", autocomplete="off", defaultValue=shown)
        if spec.kind == "number":
            typed.props["inputmode"] = "decimal"
        if spec.is_fixed:
            typed.props["readonly"] = True
        typed.on(
            "input",
            lambda event: self._changed(spec, self._value(str(event.args))),
            js_handler="(event) => emit(event.target.value)",
        )
        return typed

    def _choice(self, value: Any) -> Tag:
        spec = self.spec
        options = dict(spec.options or {})
        chosen = "" if value is None else str(value)
        if chosen not in options:
            options = {chosen: chosen or "–", **options}
        with Tag("select", classes="kw-input") as select:
            for key, text in options.items():
                option = Tag("option", text, value=key)
                if key == chosen:
                    option.props["selected"] = True
        select.on(
            "change",
            lambda event: self._changed(spec, self._value(str(event.args))),
            js_handler="(event) => emit(event.target.value)",
        )
        return select

    def _value(self, text: str) -> Any:
        """The value that the document gets: what is no number stays text, and the document's rules say so."""
        spec = self.spec
        if spec.convert is not None:
            return spec.convert(text)
        if spec.kind != "number":
            return text
        if not text.strip():
            return None
        try:
            number = float(text.replace(",", ".")) * spec.scale
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
