"""The optimum of a past month, found by a child process of its own at the lowest priority, by a deadline."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock

from pydantic import TypeAdapter, ValidationError

from kwartier.adapters.highs.deadline import Deadline
from kwartier.adapters.highs.frames import Frame, Kind
from kwartier.adapters.highs.month_order import packed
from kwartier.adapters.highs.outcome import Died, Garbage, TimedOut, why
from kwartier.adapters.highs.worker_process import WorkerProcess
from kwartier.planning.request import PlanRequest
from kwartier.service.faults import HindsightUnavailable
from kwartier.site.finding import Finding

COMMAND = (sys.executable, "-P", "-X", "faulthandler", "-m", "kwartier.adapters.highs.hindsight_worker")
# A month of 20 poles takes seconds; behind everything else on a busy machine it may take many times as long.
DEADLINE_S = 300.0
REAP_S = 5.0

_PEAKS = TypeAdapter(dict[str, float])
_FINDINGS = TypeAdapter(list[Finding])


class SupervisedHindsight:
    """Implements `kwartier.service.ports.HindsightPeaks`; one month at a time, each in a fresh process."""

    def __init__(
        self,
        *,
        command: Sequence[str] = COMMAND,
        deadline_s: float = DEADLINE_S,
        memory_bytes: int = 2**31,
    ) -> None:
        """`command` gets two arguments more: the memory in bytes and the number of this process."""
        self._command, self._deadline_s, self._memory_bytes = command, deadline_s, memory_bytes
        self._one_at_a_time, self._changing = Lock(), Lock()
        self._running: WorkerProcess | None = None
        self._is_over = False

    def highest_w(self, request: PlanRequest, horizon_days: float) -> Mapping[str, float] | str:
        """The highest quarter-hour of each connection's offtake in the optimum, W; in words why there is none.

        Raises HindsightUnavailable where no process can be started, or where it was given up.
        """
        with self._one_at_a_time:
            answer = self._asked(Frame(Kind.REQUEST, 1, packed(request, horizon_days)))
        if not isinstance(answer, Frame):
            if self._is_over:
                raise HindsightUnavailable("the service ends")
            return why(answer)
        try:
            if answer.kind is Kind.FINDINGS:
                return "; ".join(finding.message for finding in _FINDINGS.validate_json(answer.payload))
            return _PEAKS.validate_json(answer.payload)
        except ValidationError:
            return why(Garbage("it is no document of this kind"))

    def give_up(self) -> None:
        """End what runs, and begin nothing more; whoever waits for it gets HindsightUnavailable."""
        with self._changing:
            self._is_over = True
            if self._running is not None:
                self._running.kill()

    def _asked(self, order: Frame) -> Frame | TimedOut | Died | Garbage:
        process = self._started()
        try:
            return process.ask(order, Deadline(self._deadline_s, lambda: None))
        finally:
            with self._changing:
                self._running = None
            with suppress(ProcessLookupError):
                process.kill()
            process.release(REAP_S)

    def _started(self) -> WorkerProcess:
        with self._changing:
            if self._is_over:
                raise HindsightUnavailable("the service ends")
            try:
                process = WorkerProcess(self._command, self._memory_bytes)
            except OSError as refused:
                raise HindsightUnavailable(refused.strerror or str(refused)) from None
            self._running = process
            return process
