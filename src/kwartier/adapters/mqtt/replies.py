"""What a site hears back: what was refused and why, and what is stored for good."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kwartier.adapters.mqtt.payloads import BadMessage
from kwartier.adapters.mqtt.topics import Place
from kwartier.units.instant import format_instant


@dataclass(frozen=True)
class Stored:
    """A message that is stored durably; `key` names it as the sender knows it."""

    place: Place
    purpose: str
    key: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """A message that is not stored, and never will be."""

    place: Place | None
    purpose: str
    payload: bytes
    reason: BadMessage


Settled = Stored | Refused


@dataclass(frozen=True)
class Reply:
    """A message to a site. An error is worth repeating; an acknowledgement that is lost brings the row again."""

    topic: str
    payload: bytes
    is_repeated: bool


def replies(settled: Sequence[Settled], now: datetime) -> list[Reply]:
    """An error for each refused message whose site is known, and one acknowledgement per site for all the others."""
    found = [
        Reply(one.place.topic("errors"), _error(one, now), is_repeated=True)
        for one in settled
        if isinstance(one, Refused) and one.place is not None
    ]
    by_place: dict[tuple[Place, str], list[dict[str, str]]] = {}
    for one in settled:
        if isinstance(one, Stored):
            by_place.setdefault((one.place, one.purpose), []).append(one.key)
    for (place, purpose), keys in by_place.items():
        found.append(Reply(place.topic("acknowledgements"), _json({purpose: keys}), is_repeated=False))
    return found


def _error(refused: Refused, now: datetime) -> bytes:
    """The sender finds its message by the hash of the payload; nothing that came in is repeated."""
    return _json(
        {
            "topic": refused.purpose,
            "reason": refused.reason.code,
            "detail": list(refused.reason.details),
            "payloadSha256": hashlib.sha256(refused.payload).hexdigest(),
            "refusedAt": format_instant(now),
        }
    )


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
