"""What a worker is asked: the request, and on a second line the plan in force where there is one.

JSON as pydantic writes it has no line breaks. This module is loaded by a worker before it is confined, so it imports
what it reads with when it reads.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest


def packed(request: "PlanRequest", previous: "Plan | None") -> bytes:
    """The order as bytes."""
    lines = [request.model_dump_json(), *([] if previous is None else [previous.model_dump_json()])]
    return "\n".join(lines).encode()


def unpacked(payload: bytes) -> "tuple[PlanRequest, Plan | None]":
    """The request and the plan in force."""
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest

    request, _, previous = payload.partition(b"\n")
    known = Plan.model_validate_json(previous) if previous else None
    return PlanRequest.model_validate_json(request), known
