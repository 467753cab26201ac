"""The name of a plan: the same request always gives the same one."""

import hashlib

from kwartier.planning.request import PlanRequest


def plan_id(request: PlanRequest) -> str:
    """32 hex digits of the SHA-256 of the request's JSON."""
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()[:32]
