"""Places in lists that are ordered by several values, as the text that a cursor stands for."""

import json

from kwartier.adapters.http.problems import BAD_CURSOR, Refused


def place_key(*sort_key: str | int) -> str:
    """The place as one printable text.

    >>> place_key("pole", 5)
    '["pole",5]'
    """
    return json.dumps(sort_key, separators=(",", ":"))


def sort_key(text: str | None, *kinds: type[str] | type[int]) -> list[str | int] | None:
    """The values of a place, of these kinds; None where there is none. Raises Refused for that of another list."""
    if text is None:
        return None
    try:
        values = json.loads(text)
    except ValueError:
        raise Refused(BAD_CURSOR) from None
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise Refused(BAD_CURSOR)
    if any(isinstance(value, int) and not 0 <= value < 2**62 for value in values):
        raise Refused(BAD_CURSOR)
    return values
