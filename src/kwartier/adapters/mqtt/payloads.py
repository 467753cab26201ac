"""What a message says, or what is wrong with it; never a value of it is repeated in an answer."""

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from kwartier.site.shape import faults
from kwartier.units.json_text import UnreadableJson, read_json
from kwartier.units.wire import WireModel

M = TypeVar("M", bound=WireModel)

# One reading has a few hundred bytes, and a topic carries one at a time.
LARGEST_PAYLOAD_BYTES = 64 * 2**10
LONGEST_KEY_LENGTH = 100
MOST_DETAILS_COUNT = 20

Detail = dict[str, Any]


@dataclass(frozen=True)
class BadMessage:
    """A message that can never be stored: a code for programs, and every place that is wrong."""

    code: str
    details: tuple[Detail, ...] = ()


def read_payload(model: type[M], payload: bytes) -> M | BadMessage:
    """The document of a payload."""
    try:
        value = read_json(payload, limit_bytes=LARGEST_PAYLOAD_BYTES)
        # PostgreSQL cannot store it, and it ends a text for many a program.
        if b"\\u0000" in payload and "\\u0000" in json.dumps(value):
            return _unreadable("a text or key holds NUL (\\u0000); remove it")
        return model.model_validate(value)
    except UnreadableJson as error:
        return _unreadable(error.discreet)
    except ValidationError as error:
        details = [_detail(fault.rule, fault.steps, fault.error) for fault in faults(model, error)]
        return BadMessage("wrong_shape", tuple(details[:MOST_DETAILS_COUNT]))


def _unreadable(words: str) -> BadMessage:
    return BadMessage("no_json", ({"type": "json_invalid", "loc": [], "msg": words},))


def _detail(rule: str, steps: Any, error: Any) -> Detail:
    place = [step.key if isinstance(step.key, int) else step.key[:LONGEST_KEY_LENGTH] for step in steps]
    # pydantic's words say what is allowed; only those about the tag of a union repeat what came in.
    words = "none of the known kinds" if error["type"] == "union_tag_invalid" else error["msg"]
    return {"type": rule, "loc": place, "msg": words}
