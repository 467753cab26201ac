"""`kwartier schema`: what a document may hold, as JSON Schema."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kwartier.adapters.cli.terminal import show_json

if TYPE_CHECKING:
    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"

EXAMPLE = """\b
Example:
  kwartier schema plan-request > plan-request.schema.json"""


class Document(StrEnum):
    """The documents that have a schema."""

    SITE = "site"
    PLAN_REQUEST = "plan-request"
    PLAN = "plan"


def schema(
    document: Annotated[Document, typer.Argument(metavar="DOCUMENT", help="site, plan-request or plan.")],
    as_json: Annotated[  # noqa: ARG001
        bool, typer.Option("--json", help="Changes nothing: a schema is JSON. Every command takes it.")
    ] = False,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a document.

    It tells the shape; what only makes no sense together, such as a collector below itself, is what `kwartier
    validate` finds. Telemetry fields, which stand here in camelCase, are read in snake_case as well.
    """
    show_json(json_schema(document))


def json_schema(document: Document) -> dict[str, Any]:
    """The schema of a document: of what is read for the two that go in, of what is written for the plan."""
    from kwartier.adapters.cli.published_schema import PublishedSchema

    model, mode = _model(document)
    body = model.model_json_schema(by_alias=True, mode=mode, schema_generator=PublishedSchema)
    return {"$schema": DIALECT, **body}


def _model(document: Document) -> "tuple[type[BaseModel], Literal['validation', 'serialization']]":
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest
    from kwartier.site.document import Site

    match document:
        case Document.SITE:
            return Site, "validation"
        case Document.PLAN_REQUEST:
            return PlanRequest, "validation"
        case Document.PLAN:
            return Plan, "serialization"
