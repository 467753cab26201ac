"""`SupervisedPlanner`: plans in child processes, by a deadline and under a memory cap, whatever the solver does."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from kwartier.adapters.highs.deadline import Deadline
from kwartier.adapters.highs.frames import Frame, Kind
from kwartier.adapters.highs.outcome import (
    Answered,
    Garbage,
    Outcome,
    Stage,
    TimedOut,
    Unanswered,
    why,
)
from kwartier.adapters.highs.planning_order import packed
from kwartier.adapters.highs.worker_pool import PoolClosed, WorkerPool
from kwartier.adapters.highs.worker_process import WORKER_COMMAND, WorkerProcess
from kwartier.planning.fallback import fallback_plan
from kwartier.planning.identity import plan_id
from kwartier.planning.plan import Plan
from kwartier.planning.problem import InvalidRequest
from kwartier.planning.request import PlanRequest
from kwartier.site.finding import Finding

__all__ = ["WORKER_COMMAND", "PoolClosed", "SupervisedPlan", "SupervisedPlanner"]

_FINDINGS = TypeAdapter(list[Finding])


@dataclass(frozen=True)
class SupervisedPlan:
    """A plan, and how it came about: a plan of the worker's, or after anything but `Answered` the fallback."""

    plan: Plan
    outcome: Outcome


class SupervisedPlanner:
    """Plans by a deadline, always: where the worker process gives no plan the answer is the fallback plan.

    Safe to use from several threads. `worker_count` processes are kept: one per plan made at the same time, and one
    that stands by, so that after a kill the next request meets a worker that has started. A worker may take
    `memory_bytes` of address space, of which 0.14 GiB are the interpreter and its libraries.

    Example:
        >>> with SupervisedPlanner(deadline_s=10.0) as planner:  # doctest: +SKIP
        ...     plan = planner.plan(request)
    """

    def __init__(
        self,
        *,
        deadline_s: float = 10.0,
        memory_bytes: int = 2**30,
        worker_count: int = 2,
        worker_command: Sequence[str] = WORKER_COMMAND,
    ) -> None:
        """Start the workers, without waiting for them; raises OSError where the first one cannot be started.

        `worker_command` gets two arguments more: the memory in bytes and the number of this process.
        """
        if worker_count < 1:
            raise ValueError(f"worker_count must be at least 1, and is {worker_count}")
        self._deadline_s = _positive(deadline_s)
        self._pool = WorkerPool(worker_command, memory_bytes, worker_count)
        self._request_numbers = count(1)
        self._last_outcome: Outcome | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def last_outcome(self) -> Outcome | None:
        """How the request ended that ended last, of whatever thread; None before the first one."""
        return self._last_outcome

    @property
    def ready_count(self) -> int:
        """How many workers have started and are free."""
        return self._pool.ready_count

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until every worker has started and is free; whether that was so within the time.

        Workers that died while free are replaced first, so that asking again is worth while.
        """
        return self._pool.wait_until_ready(timeout_s)

    def plan(
        self, request: PlanRequest, *, previous: Plan | None = None, deadline_s: float | None = None
    ) -> Plan:
        """The plan, by the deadline and at most 0.1 s; of status "fallback", with the reason, where there is no better.

        Raises InvalidRequest with every finding, as `kwartier.plan` does, and PoolClosed after `close`.
        """
        return self.plan_and_outcome(request, previous=previous, deadline_s=deadline_s).plan

    def plan_and_outcome(
        self, request: PlanRequest, *, previous: Plan | None = None, deadline_s: float | None = None
    ) -> SupervisedPlan:
        """The same, with how it came about; `last_outcome` of several threads would say that of another one."""
        limit_s = self._deadline_s if deadline_s is None else _positive(deadline_s)
        reserve = _Reserve(request, TimedOut(limit_s, Stage.PLAN))
        deadline = Deadline(limit_s, reserve.prepare)
        frame = Frame(Kind.REQUEST, next(self._request_numbers), packed(request, previous))
        worker = self._pool.take(deadline)
        if not isinstance(worker, WorkerProcess):
            return self._fallback(reserve, worker)
        is_of_use = False
        try:
            answer = worker.ask(frame, deadline)
            wanted = plan_id(request, "" if previous is None else previous.plan_id)
            reply = _understood(answer, wanted) if isinstance(answer, Frame) else answer
            is_of_use = isinstance(reply, Plan | list)
            if not isinstance(reply, Plan | list):
                worker.kill()
                return self._fallback(reserve, reply)
        finally:  # after the answer has been made: starting a process takes the interpreter's time; also for Ctrl-C
            if is_of_use:
                self._pool.give_back(worker)
            else:
                self._pool.replace(worker)
        self._last_outcome = answered = Answered(deadline.used_s)
        if isinstance(reply, Plan):
            return SupervisedPlan(reply, answered)
        raise InvalidRequest(reply)

    def _fallback(self, reserve: "_Reserve", outcome: Unanswered) -> SupervisedPlan:
        self._last_outcome = outcome
        return SupervisedPlan(reserve.plan(outcome), outcome)

    def close(self) -> None:
        """End every worker process; plans still asked for become fallbacks. May be called again."""
        self._pool.close()


class _Reserve:
    """The fallback plan of a request, made once, and before it is needed where that is asked for."""

    def __init__(self, request: PlanRequest, expected: TimedOut) -> None:
        self._request = request
        self._expected_reason = why(expected)
        self._plan: Plan | None = None

    def prepare(self) -> None:
        """Make the plan for the reason that is likely once this is called."""
        self._plan = fallback_plan(self._request, self._expected_reason)

    def plan(self, outcome: Unanswered) -> Plan:
        """The plan, with the reason in its warnings."""
        reason = why(outcome)
        if self._plan is None:
            return fallback_plan(self._request, reason)
        warnings = [text.replace(self._expected_reason, reason) for text in self._plan.warnings]
        return self._plan.model_copy(update={"warnings": warnings})


def _understood(answer: Frame, wanted_id: str) -> Plan | list[Finding] | Garbage:
    try:
        if answer.kind is Kind.FINDINGS:
            return _FINDINGS.validate_json(answer.payload)
        plan = Plan.model_validate_json(answer.payload)
    except ValidationError as invalid:
        return Garbage(f"it has {invalid.error_count()} faults, or is no JSON")
    return plan if plan.plan_id == wanted_id else Garbage("it is the plan of another request")


def _positive(deadline_s: float) -> float:
    if not deadline_s > 0.0:
        raise ValueError(f"deadline_s must be above 0, and is {deadline_s}")
    return deadline_s
