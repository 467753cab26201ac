"""The check of a plan that shares no code with the planner: it recomputes every limit, balance and cost."""

from kwartier.planning.check.plan_check import check_plan
from kwartier.planning.check.result import CheckResult, Violation

__all__ = ["CheckResult", "Violation", "check_plan"]
