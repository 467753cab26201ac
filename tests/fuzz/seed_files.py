"""Inputs that have broken services (reliability.md, R37), one in each file of `seeds`: `NNN-name.STATUS.KIND`.

STATUS is what it must be answered with. KIND says what the file holds:

- `json`, `txt`, `ndjson` … (`MEDIA_TYPES`): a body, for every route that takes one;
- `recipe`: a body too large to keep, as a list of texts, each with how often it stands there (`{n}` counts them);
- `gzip`: a compressed body; `slow`: the part of a body that arrives before nothing more does;
- `http`: a whole request. `{token}` is an access token, `{length}` the length of what follows the head. There is a
  site `seeds`, which is the example.

Every surprise in production becomes a seed the same day. `MARK` stands in those that could be repeated.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("seeds")
MARK = "Zq9Canary"

MEDIA_TYPES = {
    "json": "application/json",
    "recipe": "application/json",
    "txt": "text/plain",
    "xml": "application/xml",
    "ndjson": "application/x-ndjson",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "longtype": "x" * 300,
}


@dataclass(frozen=True)
class Seed:
    """One input: what it is, the status that it must be answered with, its kind, and its bytes."""

    name: str
    status: int
    kind: str
    data: bytes

    @property
    def media_type(self) -> str:
        """What a body is said to be."""
        return MEDIA_TYPES[self.kind]

    def as_request(self, token: str) -> bytes:
        """The bytes to send of a whole request."""
        head, _, body = self.data.partition(b"\r\n\r\n")
        head = head.replace(b"{token}", token.encode()).replace(b"{length}", str(len(body)).encode())
        return head + b"\r\n\r\n" + body


def seeds(channel: str) -> Iterator[Seed]:
    """The seeds of a channel (`http`), in the order of their numbers."""
    for path in sorted((FOLDER / channel).iterdir()):
        name, status, kind = path.name.rsplit(".", 2)
        data = path.read_bytes()
        yield Seed(name, int(status), kind, _cooked(data) if kind == "recipe" else data)


def _cooked(recipe: bytes) -> bytes:
    parts = [
        "".join(text.replace("{n}", str(number)) for number in range(times))
        if "{n}" in text
        else text * times
        for text, times in json.loads(recipe)
    ]
    return "".join(parts).encode()
