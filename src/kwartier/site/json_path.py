"""Where something stands in a JSON document, and how a value is shown in a message."""

import json
import re
from difflib import get_close_matches
from typing import Any

LONGEST_SHOWN = 80
LEAST_ALIKE_RATIO = 0.7  # of difflib: "childs" is offered "children", "colour" not "collector"
LARGEST_LENGTH_GAP = 3
FEW_WORDS = 100  # comparing words takes time, and a document may hold thousands of names

_QUOTED_END = re.compile(r"\['([^']*)'\]$")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXT = json.JSONEncoder(ensure_ascii=False)


def step_into(path: str, key: str | int) -> str:
    """The path one step further: `.key`, `['odd key']` or `[3]`, as RFC 9535 (JSONPath), section 2.3, writes them.

    >>> step_into(step_into("$.collector_list", 0), "1P_3P")
    "$.collector_list[0]['1P_3P']"
    """
    if isinstance(key, int):
        return f"{path}[{key}]"
    if _PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}"
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{shown(escaped)}']"


def last_key(path: str) -> str:
    """The last named key of a path, with the index behind it where there is one.

    >>> last_key("$.site.children[2]"), last_key("$.site['1P_3P']")
    ('children[2]', '1P_3P')
    """
    quoted = _QUOTED_END.search(path)
    return quoted[1] if quoted else path.rpartition(".")[2]


def is_at_or_under(path: str, top: str) -> bool:
    """Whether a path names the place `top` or a part of it."""
    return path == top or path.startswith((top + ".", top + "["))


def shown(text: str) -> str:
    """The text, cut to 80 characters."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def shortened(value: Any) -> Any:
    """The value itself where it is short as JSON, else the first 80 characters of its JSON text.

    >>> shortened([1, 2]), len(shortened(list(range(100))))
    ([1, 2], 80)
    """
    if isinstance(value, str):
        return shown(value)
    if value is None or isinstance(value, bool | float):
        return value
    text = as_text(value)
    return value if len(text) < LONGEST_SHOWN else text


def as_text(value: Any) -> str:
    """The value as JSON text, cut to 80 characters; what is no JSON is named by its Python type.

    >>> as_text("pole_1"), as_text(None)
    ('"pole_1"', 'null')
    """
    if isinstance(
        value, str
    ):  # most values are names, and making an encoder for each takes longer than writing it
        return shown(_TEXT.encode(value[: LONGEST_SHOWN + 1]))
    text = ""
    encoder = json.JSONEncoder(ensure_ascii=False, skipkeys=True, default=lambda other: type(other).__name__)
    try:
        for piece in encoder.iterencode(value):
            text += piece
            if len(text) > LONGEST_SHOWN:
                break
    except ValueError:  # a whole number of more than 4300 digits
        text += "…"
    return shown(text)


def nearest(word: str, words: list[str]) -> str | None:
    """The one of `words` that `word` was probably meant to be; of many words, some with its first letter and length."""
    if len(words) > FEW_WORDS:
        words = [known for known in words if known[:1].lower() == word[:1].lower()]
        words = [known for known in words if abs(len(known) - len(word)) <= LARGEST_LENGTH_GAP][:FEW_WORDS]
    found = get_close_matches(
        word[:LONGEST_SHOWN].lower(), [known.lower() for known in words], n=1, cutoff=LEAST_ALIKE_RATIO
    )
    return next((known for known in words if known.lower() in found), None)


def hint(word: str, words: list[str]) -> str:
    """An aside that offers the nearest of the words, or nothing."""
    found = nearest(word, words)
    return f" (did you mean {as_text(found)}?)" if found is not None else ""
