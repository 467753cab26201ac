"""The name of a plan: the same request always gives the same one."""

import hashlib

from kwartier.planning.request import PlanRequest


def plan_id(request: PlanRequest, previous_plan_id: str = "") -> str:
    """32 hex digits of the SHA-256 of the request's JSON and of the previous plan's id where there is one."""
    return hashlib.sha256((request.model_dump_json() + previous_plan_id).encode()).hexdigest()[:32]
