"""Places in a JSON document, for tests that break it somewhere or look where a finding points."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Way = tuple[str | int, ...]

_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['([^']*)'\]")


def steps(path: str) -> Way:
    """The keys of a JSON path."""
    assert path.startswith("$")
    found = list(_STEP.finditer(path, 1))
    assert "".join(step.group() for step in found) == path[1:], path
    return tuple(int(step[2]) if step[2] else step[1] or step[3] for step in found)


def look_up(document: Any, way: Way) -> Any:
    """The value at a place; KeyError, IndexError or TypeError where there is none."""
    for key in way:
        document = document[key]
    return document


def ways(document: Any, way: Way = ()) -> Iterator[Way]:
    """Every place in a document, the document itself first."""
    yield way
    parts = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, value in parts:
        yield from ways(value, (*way, key))


def replaced(document: Any, way: Way, value: Any) -> Any:
    """A copy of the document with another value at one place."""
    if not way:
        return value
    copy = deepcopy(document)
    look_up(copy, way[:-1])[way[-1]] = value
    return copy


def without(document: Any, way: Way) -> Any:
    """A copy of the document without one key or item."""
    copy = deepcopy(document)
    del look_up(copy, way[:-1])[way[-1]]
    return copy
