"""Places in lists that are ordered by several values, as the text that a cursor stands for."""

import json

from kwartier.adapters.http.problems import BAD_CURSOR, Refused


def place_key(*values: str | int) -> str:
    """The place as one printable text.

    >>> place_key("pole", 5)
    '["pole",5]'
    """
    return json.dumps(values, separators=(",", ":"))


def place_of(key: str | None, *kinds: type[str] | type[int]) -> list[str | int] | None:
    """The values of a place, of these kinds; None for no place. Raises Refused for the cursor of another list."""
    if key is None:
        return None
    try:
        values = json.loads(key)
    except ValueError:
        raise Refused(BAD_CURSOR) from None
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise Refused(BAD_CURSOR)
    if any(isinstance(value, int) and not 0 <= value < 2**62 for value in values):
        raise Refused(BAD_CURSOR)
    return values
