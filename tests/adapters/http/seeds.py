"""Bodies that have broken services (reliability.md, R37): each with what it is, its bytes, and its media type.

Every surprise in production becomes a seed here the same day. `MARK` stands in those that could be repeated.
"""

import gzip
import json
from dataclasses import dataclass

MARK = "Zq9Canary"
JSON = "application/json"


@dataclass(frozen=True)
class Seed:
    """One body; `status` is what it must be answered with, for any document."""

    name: str
    body: bytes
    media_type: str = JSON
    status: int = 422


def _in_object(value: str) -> bytes:
    return f'{{"site_id": "{MARK}", "value": {value}}}'.encode()


def _numbers() -> list[Seed]:
    values = {
        "nan": "NaN",
        "infinity": "Infinity",
        "minus-infinity": "-Infinity",
        "lower-case-nan": "nan",
        "1e400": "1e400",
        "minus-1e400": "-1e400",
        "10-to-the-400": "1" + "0" * 400,
        "5000-digits": "7" * 5000,
        "65-bits": str(2**64),
        "minus-65-bits": str(-(2**63) - 1),
        "leading-zero": "007",
        "leading-plus": "+1",
        "hexadecimal": "0x10",
        "underscore": "1_000",
        "no-digit-after-the-point": "1.",
        "deep-exponent": "1e99999999999999999999",
        "no-digit-before-the-point": ".5",
        "arabic-digits": "\u0663",
        "python-true": "True",
        "undefined": "undefined",
    }
    return [Seed(f"number-{name}", _in_object(value)) for name, value in values.items()]


def _texts() -> list[Seed]:
    values = {
        "lone-high-surrogate": '"\\ud800"',
        "lone-low-surrogate": '"\\udfff"',
        "surrogates-swapped": '"\\udc00\\ud800"',
        "nul": '"a\\u0000b"',
        "raw-newline": '"a\nb"',
        "bad-escape": '"\\x41"',
        "cut-escape": '"\\u12"',
        "unfinished": '"abc',
        "single-quotes": "'abc'",
        "typographic-quotes": "\u201cabc\u201d",
        "raw-nul": '"a\0b"',
        "raw-escape": '"\x1b[31m"',
        "no-break-space-between": '\u00a0"abc"',
    }
    keys = {"nul-in-key": b'{"a\\u0000b": 1}', "surrogate-in-key": b'{"\\ud800": 1}'}
    found = [Seed(f"text-{name}", _in_object(value)) for name, value in values.items()]
    return found + [Seed(f"text-{name}", body) for name, body in keys.items()]


def _structures() -> list[Seed]:
    bodies = {
        "empty": b"",
        "blanks": b" \n\t ",
        "byte-order-mark-only": b"\xef\xbb\xbf",
        "null": b"null",
        "true": b"true",
        "number": b"1",
        "text": b'"text"',
        "list": b"[]",
        "empty-object": b'{"unknown": 1}',
        "key-twice": f'{{"{MARK}": 1, "{MARK}": 2}}'.encode(),
        "key-twice-escaped": b'{"a": 1, "\\u0061": 2}',
        "key-twice-inside": b'{"location": {"name": "a", "name": "b"}}',
        "lists-200000-deep": b"[" * 200_000 + b"]" * 200_000,
        "objects-65-deep": b'{"a":' * 65 + b"1" + b"}" * 65,
        "objects-20000-deep-unfinished": b'{"a":' * 20_000,
        "two-documents": b"{} {}",
        "trailing-comma": b'{"a": 1,}',
        "comment": b'{"a": 1} // comment',
        "cut-off": f'{{"site_id": "{MARK}'.encode(),
        "no-colon": b'{"a" 1}',
        "list-left-open": b'{"a": [1, 2}',
        "60000-keys": json.dumps({f"k{number}": number for number in range(60_000)}).encode(),
        "long-key": json.dumps({"k" * 100_000: 1}).encode(),
        "formula": b'{"site_id": "=cmd|\' /C calc\'!A0"}',
        "right-to-left": '{"site_id": "\u202etxt.exe"}'.encode(),
        "homoglyph": '{"site_id": "\u0430dmin"}'.encode(),
        "true-as-number": b'{"site_id": "a", "name": "b", "location": {"name": "c", "coordinates": [true, 1, 1]}}',
        "text-as-number": b'{"site_id": "a", "name": "b", "location": {"name": "c", "coordinates": ["1", 1, 1]}}',
        "unknown-field": b'{"site_id": "a", "name": "b", "location": {"name": "c", "coordinates": [1, 1, 1]}, "x": 1}',
        "newline-in-id": b'{"site_id": "a\\n", "name": "b", "location": {"name": "c", "coordinates": [1, 1, 1]}}',
    }
    return [Seed(f"structure-{name}", body) for name, body in bodies.items()]


def _encodings() -> list[Seed]:
    text = f'{{"site_id": "{MARK}"}}'
    found = [
        Seed("encoding-latin-1", b'{"site_id": "\xe9"}'),
        Seed("encoding-overlong-slash", b'{"site_id": "\xc0\xaf"}'),
        Seed("encoding-utf-16", text.encode("utf-16")),
        Seed("encoding-utf-32", text.encode("utf-32")),
        Seed("encoding-random", bytes(range(256))),
    ]
    for media_type in ("text/plain", "application/xml", "multipart/form-data", "x" * 300, "application/x-ndjson",
                       "application/x-www-form-urlencoded"):  # fmt: skip
        found.append(Seed(f"media-type-{media_type[:30]}-bytes", b"\xff\xfe\xfd", media_type, 415))
        found.append(Seed(f"media-type-{media_type[:30]}-json", text.encode(), media_type, 415))
    return found


SEEDS = [*_numbers(), *_texts(), *_structures(), *_encodings()]

GZIP_BOMB = gzip.compress(b"0" * 50 * 2**20, compresslevel=1)
