"""Make a stored plan again from its stored request."""

from dataclasses import dataclass
from typing import Protocol

from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanRequest
from kwartier.service.plan_record import PlanRecord, without_times


@dataclass(frozen=True)
class Replayed:
    """The plan that the request gives now. `is_same` compares every byte but the times of the solver's work."""

    plan_json: bytes
    is_same: bool


class PlanFunction(Protocol):
    """What plans: `kwartier.plan`, or a version of it to compare with."""

    def __call__(self, request: PlanRequest, /, *, previous: Plan | None = None) -> Plan:
        """The plan of a request, near another plan where one is given."""


def replay_plan(record: PlanRecord, plan: PlanFunction, previous: Plan | None = None) -> Replayed:
    """The plan made again with `plan`, such as `kwartier.plan`; `previous` is the plan that the record names as such.

    A plan that the deadline cut off (status "fallback") is made whole here, and so is another one.
    """
    again = noted(plan(record.request, previous=previous), record.notes)
    return Replayed(again, without_times(again) == without_times(record.plan_json))


def noted(plan: Plan, notes: tuple[str, ...]) -> bytes:
    """The plan as it is stored and sent: with what the service has to say about its request among the warnings."""
    return plan.model_copy(update={"warnings": [*plan.warnings, *notes]}).model_dump_json().encode()
