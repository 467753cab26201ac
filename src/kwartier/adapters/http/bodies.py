"""The body of a request: raw bytes with a cap and a deadline, strict JSON, then a model; nothing of it is repeated."""

import asyncio
import json
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from kwartier.adapters.http.problems import MEDIA_TYPE_UNKNOWN, TIMEOUT, TOO_LARGE, UNPROCESSABLE, Refused
from kwartier.site.shape import Fault, faults, left_out
from kwartier.units.json_text import UnreadableJson, read_json

M = TypeVar("M", bound=BaseModel)

# reliability.md, R39; contract.md, section 6 and the issue: a batch may have 16 MiB.
LIMIT_BYTES = 2**20
BATCH_LIMIT_BYTES = 16 * 2**20
# A body that is sent so slowly that it is not here by then is an attack or a lost connection (R37: slow body).
BODY_PATIENCE_S = 30.0
LONGEST_KEY_LENGTH = 100

# Where the description keeps the schemas that others point to; `openapi` moves those of bodies there.
COMPONENT = "#/components/schemas/{model}"

JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


async def read_body(request: Request, *, limit_bytes: int, media_types: Iterable[str] = JSON_TYPES) -> bytes:
    """The bytes of the body; raises Refused for another media type, a compressed, too large or too slow one."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if (media_type and media_type not in media_types) or "content-encoding" in request.headers:
        raise Refused(MEDIA_TYPE_UNKNOWN)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit_bytes):
        raise Refused(TOO_LARGE)
    parts, size_bytes = [], 0
    try:
        async with asyncio.timeout(BODY_PATIENCE_S):
            async for part in request.stream():
                size_bytes += len(part)
                if size_bytes > limit_bytes:
                    raise Refused(TOO_LARGE)
                parts.append(part)
    except (TimeoutError, ClientDisconnect):
        # Who hung up hears nothing of it; in the log and the figures it is no fault of ours.
        raise Refused(TIMEOUT) from None
    return b"".join(parts)


async def _body(request: Request) -> bytes:
    return await read_body(request, limit_bytes=LIMIT_BYTES)


Body = Annotated[bytes, Depends(_body)]
"""The bytes of a JSON body of at most 1 MiB; the route reads them with `read_document` or `read_object`."""


def read_value(body: bytes, *, limit_bytes: int = LIMIT_BYTES) -> Any:
    """The JSON value of a body; raises Refused for what is no strict JSON, or holds a NUL."""
    try:
        value = read_json(body, limit_bytes=limit_bytes)
    except UnreadableJson as error:
        raise Refused(UNPROCESSABLE, details=[_detail("json_invalid", ["body"], error.discreet)]) from None
    # PostgreSQL cannot store it, and it ends a text for many a program.
    if b"\\u0000" in body and "\0" in json.dumps(value, ensure_ascii=False).replace("\\u0000", "\0"):
        raise Refused(
            UNPROCESSABLE,
            details=[_detail("json_invalid", ["body"], "a text or key holds NUL (\\u0000); remove it")],
        )
    return value


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; raises Refused where it is none."""
    value = read_value(body)
    if not isinstance(value, dict):
        raise Refused(UNPROCESSABLE, details=[_detail("shape.type", ["body"], "the body must be an object")])
    return value


def read_document(model: type[M], body: bytes) -> M:
    """The document of a body; raises Refused with every place at once where it has not the model's shape."""
    value = read_value(body)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Refused(UNPROCESSABLE, details=shape_details(model, error)) from None


def shape_details(model: type[BaseModel], error: ValidationError) -> list[dict[str, Any]]:
    """FastAPI's list of what is wrong with a body, without its values; the first 1,000 places and how many more."""
    more = [_detail(finding.rule, ["body"], finding.message) for finding in left_out(error)]
    return [_of_fault(fault) for fault in faults(model, error)] + more


def _of_fault(fault: Fault) -> dict[str, Any]:
    place = [step.key if isinstance(step.key, int) else step.key[:LONGEST_KEY_LENGTH] for step in fault.steps]
    # pydantic's words say what is allowed; only those about the tag of a union repeat what came in.
    says_input = fault.error["type"] == "union_tag_invalid"
    words = "none of the known kinds" if says_input else fault.error["msg"]
    return _detail(fault.rule, ["body", *place], words)


def _detail(rule: str, place: list[str | int], words: str) -> dict[str, Any]:
    return {"type": rule, "loc": place, "msg": words}


def body_of(
    model: type[BaseModel],
    example: dict[str, Any],
    *,
    media_types: Iterable[str] = ("application/json",),
    ignored: Iterable[str] = (),
) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads this model from a raw body; `ignored` fields may hold anything."""
    schema = model.model_json_schema(ref_template=COMPONENT)
    for name in ignored:
        described = schema["properties"][name]
        schema["properties"][name] = {"description": described["description"], "readOnly": True}
    content = {"schema": schema, "example": example}
    return {"requestBody": {"required": True, "content": dict.fromkeys(media_types, content)}}


def optional(extra: dict[str, Any]) -> dict[str, Any]:
    """The same `openapi_extra` for a route that also works without a body."""
    return {**extra, "requestBody": {**extra["requestBody"], "required": False}}
