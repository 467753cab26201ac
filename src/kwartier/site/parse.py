"""From a JSON value to a document: the model where the shape is right, and findings with JSON paths where it is not.

Of a site document with a broken part the rest is still judged, so that one run reports all there is to report.
"""

from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kwartier.site.collector import Collector
from kwartier.site.document import Location, Site, SiteConfiguration
from kwartier.site.finding import Finding
from kwartier.site.json_path import nearest, step_into
from kwartier.site.rules import judge, validate_site
from kwartier.site.rules.survey import Survey
from kwartier.site.shape import MOST_FAULTS_COUNT, Fault, Step, faults, finding, left_out
from kwartier.units.json_text import MAX_DEPTH, is_deeper

M = TypeVar("M", bound=BaseModel)

# What stands in for a required field that can't be read, so that the rest of the document can be judged. Nothing is
# ever reported about a place that holds one of these, and no such document is handed out.
_STAND_INS: dict[tuple[type[BaseModel], str], Any] = {
    (Site, "site_id"): "unreadable",
    (Site, "name"): "",
    (Site, "location"): {"name": "", "coordinates": [0, 0, 0]},
    (Location, "name"): "",
    (Location, "coordinates"): [0, 0, 0],
    (SiteConfiguration, "device_list"): [],
    (SiteConfiguration, "collector_list"): [],
    (Collector, "line_current"): 0,
}

# Setting one part aside may bring an error to light that pydantic had not come to; each round sets at least one aside.
_MOST_ROUNDS = 8


def parse_document(model: type[M], raw: Any) -> tuple[M | None, list[Finding]]:
    """The document as its model, or None and every fault of its shape: path, what was seen, what is allowed.

    `raw` is what a JSON reader gives. The findings are of severity ERROR and in the order of the document; what the
    document says is judged elsewhere (`validate_site`).

    >>> site, findings = parse_document(Site, {"site_id": "hall", "name": 3})
    >>> [(finding.rule, finding.path) for finding in findings]
    [('shape.type', '$.name'), ('shape.missing', '$.location')]
    """
    if is_deeper(raw, MAX_DEPTH):
        message = f"the document is nested more than {MAX_DEPTH} levels deep; make its structure flatter"
        return None, [Finding("shape.depth", "ERROR", "$", message, allowed=f"at most {MAX_DEPTH} levels")]
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, [finding(fault, raw) for fault in faults(model, error)] + left_out(error)


def read_site(raw: Any) -> tuple[Site | None, list[Finding]]:
    """The site, or None where it has not the shape of one, with all findings about its shape and its content.

    A part that can't be read is set aside: a field with a default, a device, a section. The rules judge the rest, and
    say nothing that only the missing part makes look wrong, such as an unknown collector.
    """
    site, findings = parse_document(Site, raw)
    if site is not None:
        return site, validate_site(site)
    survey = None if is_deeper(raw, MAX_DEPTH) else _readable_part(raw)
    return None, findings if survey is None else findings + judge(survey)


def _readable_part(raw: Any) -> Survey | None:
    """What is left of a document when all that is broken is set aside; None where nothing is, or too much is broken."""
    rest, unreadable = deepcopy(raw), set[str]()
    for _ in range(_MOST_ROUNDS):
        try:
            return Survey(Site.model_validate(rest), frozenset(unreadable))
        except ValidationError as error:
            if error.error_count() > MOST_FAULTS_COUNT:
                return None
            for fault in faults(Site, error):
                unreadable |= _set_aside(rest, fault)
    return None


def _set_aside(rest: Any, fault: Fault) -> set[str]:
    """Take the smallest part out of `rest` that holds the fault and can be spared; the paths that are lost by it."""
    way = _way(rest, fault.steps)
    for index in reversed(range(len(way))):
        path, container = way[index]
        step = fault.steps[index]
        if step.owner is None:
            lost = _replace_item(container, path, fault.steps[: index + 1])
        else:
            lost = _replace_field(container, path, step)
        if lost:
            return {*lost, fault.path}
    return set()


def _way(rest: Any, steps: tuple[Step, ...]) -> list[tuple[str, Any]]:
    """Path and value of every container on the way to a place, the document first."""
    way, path, value = [], "$", rest
    for step in steps:
        if not isinstance(value, dict | list):
            break
        way.append((path, value))
        try:
            value = value[step.key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        path = step_into(path, step.key)
    return way


def _replace_field(container: Any, path: str, step: Step) -> set[str]:
    """Remove a field that has a default or no meaning, or put a stand-in; nothing where the field is needed."""
    described, owner = step.field(), step.owner
    if not isinstance(container, dict) or owner is None:
        return set()
    if described is None or (described[1].alias in container and step.key != described[1].alias):
        container.pop(step.key, None)
        names = [field.alias or name for name, field in owner.model_fields.items()]
        meant = nearest(str(step.key), names)
        return {
            step_into(path, step.key),
            *([step_into(path, meant)] if meant and meant not in container else []),
        }
    name, field = described
    lost = {step_into(path, step.key), step_into(path, field.alias or name)}
    if not field.is_required():
        container.pop(step.key, None)
    elif (owner, name) == (Collector, "name"):
        container[name] = f"(no name at {path})"
    elif issubclass(owner, Site) and (Site, name) in _STAND_INS:
        container[name] = deepcopy(_STAND_INS[Site, name])
    elif (owner, name) in _STAND_INS:
        container[name] = deepcopy(_STAND_INS[owner, name])
    else:
        return set()
    return lost


def _replace_item(container: Any, path: str, steps: tuple[Step, ...]) -> set[str]:
    """Put a stand-in for an item of one of the lists that may lose one; the other items keep their places."""
    index, holder = steps[-1].key, steps[-2] if len(steps) > 1 else None
    if not isinstance(container, list) or not isinstance(index, int) or holder is None:
        return set()
    here = step_into(path, index)
    if (holder.owner, holder.key) == (Collector, "children"):
        container[index] = None
    elif (holder.owner, holder.key) == (SiteConfiguration, "collector_list"):
        container[index] = {"name": f"(no name at {here})", "line_current": 0}
    elif (holder.owner, holder.key) == (SiteConfiguration, "device_list"):
        return _replace_device(container, index, here)
    else:
        return set()
    return {here}


def _replace_device(devices: list[Any], index: int, path: str) -> set[str]:
    """Put a device of no kind, with the name and collector of the one that can't be read, where it has them."""
    found = devices[index] if isinstance(devices[index], dict) else {}
    stand_in: dict[str, Any] = {"type": None}
    lost = {step_into(path, "type")}
    for key in ("name", "collector"):
        value = found.get(key)
        is_readable = isinstance(value, str) and 0 < len(value) <= 200
        stand_in[key] = value if is_readable else f"(no {key} at {path})"
        lost |= set() if is_readable else {step_into(path, key)}
    devices[index] = stand_in
    return lost
