"""The OpenAPI description: FastAPI's, with the schemas of raw bodies, problems and what holds for every route."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kwartier.adapters.http.callers import Access, AccessTable
from kwartier.adapters.http.field_words import with_words
from kwartier.adapters.http.problem_schema import PROBLEM_SCHEMA, answers
from kwartier.adapters.http.problems import (
    FORBIDDEN,
    HEADERS_TOO_LARGE,
    MEDIA_TYPE_UNKNOWN,
    TIMEOUT,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNPROCESSABLE,
)
from kwartier.service.faults import StoreFull, StoreUnavailable
from kwartier.site.contracts import CONTRACT_TYPES
from kwartier.site.devices import DEFAULT_TYPE, DEVICE_TYPES
from kwartier.site.dso import DSO_NAMES

# What is kept of a kind that nobody knows may hold anything, but is of none of the known kinds.
UNKNOWN_KINDS = (
    ("UnknownDevice", "type", DEVICE_TYPES),
    ("UnknownContract", "contract_type", CONTRACT_TYPES),
    ("UnknownDso", "dso", DSO_NAMES),
)

DESCRIPTION = """\
Sites, measurements, charging transactions and plans of an energy management system.

- Power and current are **positive when consumed** (charging) and negative when delivered (solar, discharging).
- Units: W, Wh, A, V; state of charge in percent (0 to 100); energy prices EUR/MWh, capacity prices EUR/kW.
- Times are RFC 3339 with an offset (`2025-03-03T07:52:10+01:00`); a time without one is refused; answers are in UTC.
- Quarter-hours are clock-aligned and named by their start.
- What is wrong with a request is answered all at once, as a problem document (RFC 9457) that repeats nothing of it.
- Texts hold no NUL character.

Log in at `POST /v1/identity/client-login`, then send `Authorization: Bearer ACCESS_TOKEN`. A client sees what belongs
to its own partner; anything else is answered as if it did not exist.
"""


def describe(app: FastAPI, access: AccessTable) -> dict[str, Any]:
    """The whole description; made once, at the first use."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {}).update({"Problem": PROBLEM_SCHEMA, **_definitions(schema)})
        for name, field, known in UNKNOWN_KINDS:
            _tell_apart(components["schemas"], name, field, known)
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "client": {"type": "http", "scheme": "basic"},
        }
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _complete(operation, access[method.upper(), path])
        app.openapi_schema = with_words(_opened(schema))
    return app.openapi_schema


def _definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """The schemas that those of raw bodies point to, taken out of where `bodies.body_of` put them."""
    found: dict[str, Any] = {}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= content["schema"].pop("$defs", {})
    return found


def _tell_apart(schemas: dict[str, Any], unknown: str, field: str, known: tuple[str, ...]) -> None:
    """Let each kind's schema take its own word only, and that of the unknown kind any other."""
    schemas[unknown]["properties"][field]["not"] = {"enum": list(known)}
    for schema in schemas.values():
        word = schema.get("properties", {}).get(field, {})
        if set(word.get("x-extensible-enum", ())) & set(known):
            del word["x-extensible-enum"]
            if word.get("default") != DEFAULT_TYPE:  # without a type a device is a charging pole
                schema["required"] = sorted({*schema.get("required", []), field})


def _complete(operation: dict[str, Any], access: Access) -> None:
    """Add what every route has in common: how it is protected, and the answers of the layers around it."""
    causes: list[Any] = [HEADERS_TOO_LARGE, StoreUnavailable]
    if access is not Access.PUBLIC:
        operation["security"] = [{"token": []}]
        operation["x-scope"] = access.value.word
        causes += [UNAUTHENTICATED, FORBIDDEN]
    if "requestBody" in operation:
        causes += [TIMEOUT, TOO_LARGE, MEDIA_TYPE_UNKNOWN, UNPROCESSABLE, StoreFull]
    elif operation.get("parameters"):
        causes += [UNPROCESSABLE]
    own = operation["responses"]
    if "HTTPValidationError" in str(own.get("422")):
        del own["422"]
    for status, answer in answers(*causes).items():
        if str(status) in own:
            own[str(status)]["description"] += "; " + answer["description"]
        else:
            own[str(status)] = answer


def _opened(node: Any) -> Any:
    """The schema as it is lived: kinds and words that nobody knows yet are stored, and reported as findings.

    An open enumeration keeps its words under `x-extensible-enum` only. A union is an `anyOf`: where an enumeration is
    open, a value may have the shape of two of its kinds.
    """
    if isinstance(node, list):
        return [_opened(part) for part in node]
    if not isinstance(node, dict):
        return node
    renamed = {
        ("anyOf" if key == "oneOf" and "discriminator" not in node else key): value
        for key, value in node.items()
    }
    if "x-extensible-enum" in renamed:
        renamed.pop("enum", None)
    return {key: _opened(value) for key, value in renamed.items()}
