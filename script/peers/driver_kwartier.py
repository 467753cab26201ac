"""Our own planner, driven like a peer: a plan request in, the powers of its plan out."""

from typing import Any

from answering import answer_all, timed

from kwartier import PlanRequest, plan


def solve(document: dict[str, Any]) -> dict[str, Any]:
    """Plan one request; the time is that of the whole `plan()`."""
    request = PlanRequest.model_validate(document)
    answer, times = timed(lambda: plan(request))
    schedule = {name: device.power_w for name, device in answer.devices.items()}
    return {**times, "schedule": schedule}


if __name__ == "__main__":
    answer_all(solve, ["kwartier", "highspy", "numpy"])
