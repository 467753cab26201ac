"""kwartier: plans a site's power, quarter-hour by quarter-hour.

The public face: `plan(request)` makes a plan, `check_plan(request, plan)` recomputes it from the request alone. Names
are loaded when first used, so that `kwartier --help` does not wait for the solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kwartier.planning.check import CheckResult, check_plan
    from kwartier.planning.plan import Plan
    from kwartier.planning.planner import plan
    from kwartier.planning.problem import InvalidRequest
    from kwartier.planning.request import PlanRequest
    from kwartier.site.document import Site

__all__ = ["CheckResult", "InvalidRequest", "Plan", "PlanRequest", "Site", "check_plan", "plan"]

_HOME_BY_NAME = {
    "CheckResult": "kwartier.planning.check",
    "InvalidRequest": "kwartier.planning.problem",
    "Plan": "kwartier.planning.plan",
    "PlanRequest": "kwartier.planning.request",
    "Site": "kwartier.site.document",
    "check_plan": "kwartier.planning.check",
    "plan": "kwartier.planning.planner",
}


def __getattr__(name: str) -> Any:
    """A public name, from the module it lives in."""
    if name not in _HOME_BY_NAME:
        raise AttributeError(f"module 'kwartier' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME_BY_NAME[name]), name)
