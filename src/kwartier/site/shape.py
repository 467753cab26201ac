"""Where and why a document has not the shape of its model: pydantic's errors in the words of the user's document."""

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from kwartier.site.finding import Finding
from kwartier.site.json_path import as_text, hint, last_key, shortened, step_into

SHAPE_RULES = {
    "shape.missing": "a required field is absent",
    "shape.unknown_field": "a field has a name that the document does not know",
    "shape.type": "a value is of the wrong kind, such as text where a number belongs",
    "shape.range": "a number is too small or too large",
    "shape.length": "a text or list is too short or too long",
    "shape.pattern": "a text has not the required pattern",
    "shape.choice": "a value is none of those that are allowed",
    "shape.value": "a value has the right kind and makes no sense, such as a time without an offset",
    "shape.depth": "objects and lists are nested more than 64 levels deep",
    "shape.too_many": "a document has more than 1,000 faults of shape; the others are counted",
}
"""The ids of the findings about a document's shape, all of severity ERROR, and when they are reported."""

# A text of 1 MiB can have 60,000 faults: each in words takes 10 s of processor time and an answer of 8 MB.
MOST_FAULTS_COUNT = 1_000

_KIND_BY_ERROR = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}
_RULE_BY_ERROR = {
    "missing": "shape.missing",
    "union_tag_not_found": "shape.missing",
    "extra_forbidden": "shape.unknown_field",
    "string_pattern_mismatch": "shape.pattern",
    "literal_error": "shape.choice",
    **dict.fromkeys(_KIND_BY_ERROR, "shape.type"),
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), "shape.range"),
    **dict.fromkeys(("too_short", "too_long", "string_too_short", "string_too_long"), "shape.length"),
}
_BOUNDS = {
    "gt": "above {:g}",
    "ge": "at least {:g}",
    "lt": "below {:g}",
    "le": "at most {:g}",
    "min_length": "at least {} long",
    "max_length": "at most {} long",
}


@dataclass(frozen=True)
class Step:
    """One key on the way to a place; `owner` is the model whose field it is, None for items of lists and mappings."""

    key: str | int
    owner: type[BaseModel] | None

    def field(self) -> tuple[str, FieldInfo] | None:
        """Name and description of the model's field with this key; None where the model knows no such field."""
        return _field(self.owner, self.key) if self.owner is not None else None


@dataclass(frozen=True)
class Fault:
    """One error of pydantic at its place in the user's document."""

    path: str
    steps: tuple[Step, ...]
    error: ErrorDetails
    choice_path: str | None = None  # where the model allows values of two kinds without saying how to tell

    @property
    def rule(self) -> str:
        """The id of the finding."""
        return _RULE_BY_ERROR.get(self.error["type"], "shape.value")


def faults(model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """Each of the first 1,000 errors with the user's path; of a value that may be of two kinds, those of the nearer."""
    found = [_fault(model, details) for details in error.errors(include_url=False)[:MOST_FAULTS_COUNT]]
    deeper = {fault.choice_path for fault in found if not _is_wrong_kind(fault)}
    kept, seen = [], set()
    for fault in found:
        if _is_wrong_kind(fault) and (fault.choice_path in deeper or fault.choice_path in seen):
            continue
        if fault.choice_path is not None:
            seen.add(fault.choice_path)
        kept.append(fault)
    return kept


def left_out(error: ValidationError) -> list[Finding]:
    """One finding that counts the faults beyond those that `faults` tells one by one, where there are more."""
    more_count = error.error_count() - MOST_FAULTS_COUNT
    if more_count <= 0:
        return []
    allowed = f"at most {MOST_FAULTS_COUNT} are told one by one"
    message = f"{more_count} more places of the document are wrong; correct the others and check it again"
    return [Finding("shape.too_many", "ERROR", "$", message, error.error_count(), allowed)]


def _is_wrong_kind(fault: Fault) -> bool:
    return fault.choice_path is not None and fault.path == fault.choice_path and fault.rule == "shape.type"


def _fault(model: type[BaseModel], details: ErrorDetails) -> Fault:
    annotation: Any = model
    path, steps, choice_path = "$", [], None
    for part in details["loc"]:
        members = _members(annotation)
        if part == "[key]":
            continue
        if len(members) > 1:
            annotation = _member(members, str(part))
            choice_path = choice_path if _tag(members[0]) is not None else path
            continue
        inner = members[0] if members else Any
        owner = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
        annotation = _annotation_below(inner, part)
        steps.append(Step(part, owner))
        path = step_into(path, part)
    if details["type"] == "union_tag_not_found":
        kind, owner = _discriminator(annotation)
        steps.append(Step(kind, owner))
        path = step_into(path, kind)
    return Fault(path, tuple(steps), details, choice_path)


def _members(annotation: Any) -> list[Any]:
    """What an annotation allows: the members of a union without null, or the annotation alone; bare of metadata."""
    if get_origin(annotation) is Annotated and _tag(annotation) is None:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not NoneType]
        return parts if len(parts) > 1 else _members(parts[0])
    return [get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation]


def _tag(annotation: Any) -> str | None:
    marks = getattr(annotation, "__metadata__", ())
    return next((mark.tag for mark in marks if isinstance(mark, Tag)), None)


def _member(members: list[Any], label: str) -> Any:
    """The member of a union that pydantic labels so: by its tag, else by the kind of container it is."""
    for member in members:
        container = get_origin(_members(member)[0])
        if _tag(member) == label or (
            container in (list, dict) and label.startswith(f"{container.__name__}[")
        ):
            return member
    return Any


def _annotation_below(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = _field(annotation, part)
        return found[1].annotation if found is not None else Any
    arguments = get_args(annotation)
    return arguments[-1] if get_origin(annotation) in (list, dict) else Any


def _field(model: type[BaseModel], key: str | int) -> tuple[str, FieldInfo] | None:
    fields = model.model_fields.items()
    return next(((name, field) for name, field in fields if key in (name, field.alias)), None)


def _discriminator(annotation: Any) -> tuple[str, type[BaseModel]]:
    """The field that all members of a union have in common, which says which of them is meant."""
    models = [_members(member)[0] for member in _members(annotation)]
    common = [name for name in models[-1].model_fields if all(name in model.model_fields for model in models)]
    return common[0], models[-1]


def finding(fault: Fault, raw: Any) -> Finding:
    """The fault as a finding: what stands in the document, what is allowed, and what to do."""
    observed, allowed, message = _words(fault)
    return Finding(fault.rule, "ERROR", fault.path, f"{_owner(fault, raw)}{message}", observed, allowed)


def _words(fault: Fault) -> tuple[Any, Any, str]:
    """Observed and allowed values and the message."""
    value, context = fault.error["input"], fault.error.get("ctx", {})
    key, text = _key(fault), as_text(value)
    if fault.rule == "shape.missing":
        described = fault.steps[-1].field()
        return None, described[1].description if described else None, f"{key} is missing; add it"
    if fault.rule == "shape.unknown_field":
        return _words_for_unknown(fault, key)
    if fault.rule == "shape.type":
        allowed = (
            "a list or an object" if fault.choice_path == fault.path else _KIND_BY_ERROR[fault.error["type"]]
        )
        message = f"{key} must be {allowed}, and is {text}; correct it"
    elif fault.rule in ("shape.range", "shape.length"):
        bounds = [
            words.format(context[name]) for name, words in _BOUNDS.items() if context.get(name) is not None
        ]
        allowed = ", ".join(bounds)
        message = f"{key} must be {allowed}, and is {text}; correct it"
    elif fault.rule == "shape.pattern":
        allowed = str(context["pattern"])
        message = f"{key} {text} has not the pattern {allowed}; rewrite it"
    elif fault.rule == "shape.choice":
        allowed = str(context["expected"])
        message = f"{key} {text} is not known; write {allowed}"
    else:
        allowed = str(context.get("error", fault.error["msg"]))
        message = f"{key} {text}: {allowed}; correct it"
    return shortened(value), allowed, message


def _key(fault: Fault) -> str:
    """The last key of a place in words; an item goes with its list."""
    if not fault.steps:
        return "the document"
    last = fault.steps[-1].key
    return as_text(last) if isinstance(last, str) else last_key(fault.path)


def _words_for_unknown(fault: Fault, key: str) -> tuple[Any, Any, str]:
    last = fault.steps[-1]
    names = [field.alias or name for name, field in last.owner.model_fields.items()] if last.owner else []
    twice = last.field()
    if twice is not None:
        message = f"{key} is given twice, also as {as_text(twice[1].alias)}; keep one of them"
    else:
        message = f"there is no field {key}{hint(str(last.key), names)}; rename or remove it"
    return shortened(fault.error["input"]), names, message


def _owner(fault: Fault, raw: Any) -> str:
    """The name of the innermost item of a list that holds the fault, where it has one."""
    name, value = "", raw
    for step in fault.steps:
        try:
            value = value[step.key]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step.key, int) and isinstance(value, dict):
            names = (value.get(key) for key in ("name", "transactionId", "transaction_id"))
            name = next((f"{as_text(text)}: " for text in names if isinstance(text, str) and text), name)
    return name
