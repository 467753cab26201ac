"""Words from a list: every field that is marked `Known`, and the kinds of device, contract and grid operator."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from kwartier.site.contracts import CONTRACT_TYPES
from kwartier.site.contracts.contract import UnknownContract
from kwartier.site.devices import DEVICE_TYPES
from kwartier.site.devices.battery_energy_storage_system import OnceSchedule, WeeklySchedule
from kwartier.site.devices.device import UnknownDevice
from kwartier.site.dso import DSO_NAMES
from kwartier.site.dso.operator import UnknownDso
from kwartier.site.json_path import as_text, hint, last_key, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import COLLECTOR_LIST, DEVICE_LIST, Survey
from kwartier.units.wire import Known

FREQUENCIES = Known(("weekly", "once"))

# The field that says the kind, and the kinds there are, for what is kept although its kind is not known.
KINDS: dict[type[BaseModel], tuple[str, Known]] = {
    UnknownDevice: ("type", Known(DEVICE_TYPES)),
    UnknownContract: ("contract_type", Known(CONTRACT_TYPES)),
    UnknownDso: ("dso", Known(DSO_NAMES)),
    WeeklySchedule: ("frequency", FREQUENCIES),
    OnceSchedule: ("frequency", FREQUENCIES),
}


@rule("enum.unknown", "ERROR", "a field that takes one of a list of words holds another one")
def unknown_word(survey: Survey) -> Iterator[Problem]:
    """One problem for each word that is not known, in the document's order."""
    if _are_known(survey.site):
        return
    for path, owner, value, known in _words(survey.site):
        if isinstance(value, str) and known.allows(value):
            continue
        near = hint(value, list(known.values)) if isinstance(value, str) else ""
        words = ", ".join(as_text(word) for word in known.values)
        message = f"{owner}{last_key(path)} {as_text(value)} is not known{near}; write one of {words}"
        yield Problem(path, message, value, list(known.values))


@dataclass(frozen=True)
class _Field:
    """A field that may hold an enumerated word, a list of them, or other parts of the document."""

    name: str
    wire_name: str
    known: Known | None
    known_item: Known | None

    def is_fine(self, value: Any) -> bool:
        """Whether a value is surely a known word, a list of them, or holds no word itself."""
        if self.known is not None:
            return isinstance(value, str) and self.known.allows(value)
        if self.known_item is None or not isinstance(value, list):
            return self.known_item is None
        words = self.known_item.values if self.known_item.fold is str else ()
        return all(
            word in words or (isinstance(word, str) and self.known_item.allows(word)) for word in value
        )


def _are_known(site: BaseModel) -> bool:
    """Whether surely every word is known; tells so without putting a path together for each (a fifth of the time)."""
    waiting = [site]
    while waiting:
        model = waiting.pop()
        for field in _telling_fields(type(model)):
            value = getattr(model, field.name)
            if value is None and type(model) not in KINDS:
                continue
            if not field.is_fine(value):
                return False
            if isinstance(value, BaseModel):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(part for part in value if isinstance(part, BaseModel))
    return True


@cache
def _telling_fields(kind: type[BaseModel]) -> list[_Field]:
    """The fields that may hold a word or a part with words."""
    return [
        field
        for field in _fields(kind)
        if field.known or field.known_item or _may_hold_parts(kind.model_fields[field.name].annotation)
    ]


def _may_hold_parts(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(map(_may_hold_parts, get_args(annotation)))


def _words(site: BaseModel) -> Iterator[tuple[str, str, Any, Known]]:
    """Path, owner in words, value and known values of every enumerated field; without recursion, sites may be deep."""
    waiting: list[tuple[str, str, Any, Known | None, Known | None]] = [("$", "", site, None, None)]
    while waiting:
        path, owner, value, known, known_item = waiting.pop()
        if isinstance(value, BaseModel):
            waiting.extend(reversed(list(_children(path, owner, value))))
        elif isinstance(value, list) and known is None:
            items = [(i, item) for i, item in enumerate(value) if item is not None]
            waiting.extend((step_into(path, i), owner, item, known_item, None) for i, item in reversed(items))
        elif known is not None:
            yield path, owner, value, known


def _children(
    path: str, owner: str, model: BaseModel
) -> Iterator[tuple[str, str, Any, Known | None, Known | None]]:
    if path.startswith((DEVICE_LIST, COLLECTOR_LIST)) and isinstance(
        name := getattr(model, "name", None), str
    ):
        owner = f"{'device' if path.startswith(DEVICE_LIST) else 'collector'} {as_text(name)}: "
    kind, _ = KINDS.get(type(model), (None, None))
    for field in _fields(type(model)):
        value = getattr(model, field.name)
        has_word = field.known is not None and (value is not None or field.name == kind)
        if has_word or isinstance(value, (BaseModel, list)):
            yield step_into(path, field.wire_name), owner, value, field.known, field.known_item


@cache
def _fields(kind: type[BaseModel]) -> list[_Field]:
    marked = KINDS.get(kind)
    fields = []
    for name, field in kind.model_fields.items():
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        known = marked[1] if marked is not None and name == marked[0] else _mark(annotation)
        fields.append(_Field(name, field.alias or name, known, _mark(_item(annotation))))
    return fields


def _mark(annotation: Any) -> Known | None:
    """The mark of an annotation, also where null is allowed beside it."""
    if get_origin(annotation) is Annotated:
        marks = [mark for mark in annotation.__metadata__ if isinstance(mark, Known)]
        return marks[0] if marks else _mark(get_args(annotation)[0])
    if get_origin(annotation) is list:
        return None
    return next((mark for part in get_args(annotation) if (mark := _mark(part)) is not None), None)


def _item(annotation: Any) -> Any:
    """What the items of a list are annotated with."""
    if get_origin(annotation) is list:
        return get_args(annotation)[0]
    found = (_item(part) for part in get_args(annotation) if get_origin(annotation) is not dict)
    return next((part for part in found if part is not None), None)
