"""What a hindsight worker is asked: the month's length in days, and on a second line its request.

This module is loaded by a worker before it is confined, so it imports what it reads with when it reads.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kwartier.planning.request import PlanRequest


def packed(request: "PlanRequest", horizon_days: float) -> bytes:
    """The order as bytes."""
    return f"{horizon_days!r}\n{request.model_dump_json()}".encode()


def unpacked(payload: bytes) -> "tuple[PlanRequest, float]":
    """The request and the length of its horizon in days of 24 h."""
    from kwartier.planning.request import PlanRequest

    days, _, request = payload.partition(b"\n")
    return PlanRequest.model_validate_json(request), float(days)
