"""JSON text in, plain values out; what other readers let pass silently is an error here, with line and column."""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

MAX_DEPTH = 64  # a site's tree of boards is a few levels deep; deeper text is a fault or an attack
LIMIT_BYTES = 8 * 2**20

# The largest whole numbers that other JSON readers agree on are those of 64 bits, signed or unsigned.
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1
_MAX_INTEGER_TEXT = 20

# Strings with their escapes, brackets, and everything else that is neither space nor punctuation.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_CONTAINERS = (dict, list)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What a reader takes for a number at the beginning of a token, whatever stands right behind it.
_NUMBER = re.compile(r"NaN|-?Infinity|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_DISCREET_NUMBER = "no finite number, or a whole one beyond 64 bits; write null where a value is missing"


class UnreadableJson(ValueError):
    """The bytes are not strict JSON; the message says what is wrong, at which line and column, and the next step.

    `discreet` says the same without a word of the text, for answers that must not repeat what came in.
    """

    def __init__(self, message: str, discreet: str | None = None) -> None:
        super().__init__(message)
        self.discreet = discreet or message


class _FaultSeen(ValueError):
    """Raised while parsing, where the position is not known; the search for it follows."""


def read_json(data: bytes, *, limit_bytes: int = LIMIT_BYTES) -> Any:
    """The value that a strict JSON text in UTF-8 holds; a byte order mark at its start is skipped.

    Raises UnreadableJson for what is too large (more than `limit_bytes`), empty, not UTF-8, cut off or not JSON, and
    for what the standard leaves to luck (RFC 8259, sections 4, 6 and 8.2): a key twice in one object, NaN and
    Infinity, whole numbers beyond 64 bits, numbers beyond a double, lone surrogates, more than 64 levels of nesting.

    >>> read_json(b'{"power_w": [1, 2.5, null]}')
    {'power_w': [1, 2.5, None]}
    """
    if len(data) > limit_bytes:
        raise UnreadableJson(
            f"the text has {len(data):,} bytes, and at most {limit_bytes:,} are read: send less, in several parts"
        )
    text = _decode(data)
    if not text.strip(" \t\r\n"):
        raise UnreadableJson("the text is empty: it must hold a JSON value, such as an object in {}")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        _raise_broken(text, error)
    except (_FaultSeen, RecursionError):
        _raise_first_fault(text)
    if is_deeper(value, MAX_DEPTH) or ("\\u" in text and _has_lone_surrogate(text)):
        _raise_first_fault(text)
    return value


def _decode(data: bytes) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        raise UnreadableJson(
            f"not UTF-8 at {_position(before, len(before))}: save or send the text as UTF-8"
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _FaultSeen
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_TEXT or not _MIN_INTEGER <= (value := int(digits)) <= _MAX_INTEGER:
        raise _FaultSeen
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _FaultSeen
    return value


def _constant(name: str) -> NoReturn:
    raise _FaultSeen(name)


def is_deeper(value: Any, depth: int) -> bool:
    """Whether lists and objects are nested in more than `depth` levels; a plain value has none, `[]` has one."""
    layer = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(depth):
        if not layer:
            return False
        # One pass, without a function for each: a batch has thousands of objects.
        layer = [
            part
            for held in layer
            for part in (held.values() if isinstance(held, dict) else held)
            if isinstance(part, _CONTAINERS)
        ]
    return bool(layer)


def _has_lone_surrogate(text: str) -> bool:
    return any(_is_lone(token.group()) for token in _TOKEN.finditer(text))


def _is_lone(token: str) -> bool:
    """Whether a string token holds half of a surrogate pair; reading joins a whole pair into one character."""
    return "\\u" in token and bool(_SURROGATE.search(json.loads(token)))


def _raise_broken(text: str, error: json.JSONDecodeError) -> NoReturn:
    if error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip(" \t\r\n")):
        where = _position(text, len(text))
        raise UnreadableJson(
            f"the text ends in the middle, at {where}: it was cut off, send it whole"
        ) from None
    what = error.msg[0].lower() + error.msg[1:]
    raise UnreadableJson(
        f"not JSON at {_position(text, error.pos)}: {what}; correct the text there"
    ) from None


def _position(text: str, offset: int) -> str:
    line_start = text.rfind("\n", 0, offset) + 1
    line_number = text.count("\n", 0, offset) + 1
    return f"line {line_number}, column {offset - line_start + 1}"


def _raise_first_fault(text: str) -> NoReturn:
    too_deep = "nested deeper than can be read here; make the structure flatter"
    offset, what, discreet = next(_faults(text), (0, too_deep, too_deep))
    where = _position(text, offset)
    raise UnreadableJson(f"{where}: {what}", f"{where}: {discreet}") from None


def _faults(text: str) -> Iterator[tuple[int, str, str]]:
    """Offset and description, with and without what stands there, of each fault that well-formed JSON can still have.

    They come in the order of the text.
    """
    keys: list[set[str] | None] = []  # of the open objects; None for an open array
    may_be_key = False
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece in ("{", "["):
            keys.append(set() if piece == "{" else None)
            if len(keys) > MAX_DEPTH:
                what = f"nested deeper than {MAX_DEPTH} levels; make the structure flatter"
                yield match.start(), what, what
        elif piece in ("}", "]"):
            keys.pop()
        elif piece[0] == '"':
            if may_be_key and keys[-1] is not None:
                key = json.loads(piece)
                if key in keys[-1]:
                    yield (
                        match.start(),
                        f"the key {json.dumps(key)[:60]} stands twice in one object; keep one of them",
                        "a key stands twice in one object; keep one of them",
                    )
                keys[-1].add(key)
            if _is_lone(piece):
                what = "half of a surrogate pair (\\ud800 to \\udfff); write the whole character"
                yield match.start(), what, what
        elif (number := _NUMBER.match(piece)) and (fault := _number_fault(number[0])):
            yield match.start(), fault, _DISCREET_NUMBER
        may_be_key = piece in ("{", ",")


def _number_fault(token: str) -> str | None:
    if token in _CONSTANTS:
        return f"{token} is not JSON; write null where a value is missing"
    shown = token if len(token) <= 2 * _MAX_INTEGER_TEXT else token[: 2 * _MAX_INTEGER_TEXT] + "…"
    if token.lstrip("-").isdecimal():
        try:
            _integer(token)
        except _FaultSeen:
            return f"the whole number {shown} does not fit in 64 bits; correct the value"
    elif math.isinf(float(token)):
        return f"the number {shown} is too large for a double; correct the value"
    return None
