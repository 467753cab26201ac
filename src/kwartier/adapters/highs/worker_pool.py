"""Workers kept ready: so many processes at any time, each one that is killed replaced in the background."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from time import monotonic, sleep

from kwartier.adapters.highs.deadline import Deadline
from kwartier.adapters.highs.outcome import NotStarted, Stage, TimedOut
from kwartier.adapters.highs.worker_process import WorkerProcess

# A killed process is gone within milliseconds, on a machine short of processors within seconds; one that hangs in the
# kernel is tried again with the next one. Closing has the last chance, and so more patience.
_REAP_S = 1.0
_CLOSE_S = 5.0
_LOOK_AGAIN_S = 0.005


class PoolClosed(RuntimeError):
    """A plan was asked of a planner that has been closed."""


class WorkerPool:
    """Workers for several threads: each takes one, asks it, and gives it back or has it replaced.

    One thread of its own, the keeper, starts and reaps all processes: a worker dies with the thread that started it.
    """

    def __init__(self, command: Sequence[str], memory_bytes: int, worker_count: int) -> None:
        """Start the workers; raises OSError where the first one cannot be."""
        self._command = command
        self._memory_bytes = memory_bytes
        self._worker_count = worker_count
        self._idle: deque[WorkerProcess | NotStarted] = deque()
        self._unreaped: set[WorkerProcess] = set()
        self._lingering: list[WorkerProcess] = []
        self._changed = Condition()
        self._is_closed = False
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kwartier-workers")
        try:
            first = self._keeper.submit(self._launch).result()
        except BaseException:
            self._keeper.shutdown()
            raise
        self._admit(first)
        for _ in range(worker_count - 1):
            self._keeper.submit(self._start)

    @property
    def ready_count(self) -> int:
        """How many workers could plan at once."""
        with self._changed:
            return sum(isinstance(one, WorkerProcess) and one.has_started() for one in self._idle)

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Wait until every worker has started; whether that was so within the time. Dead ones are replaced first."""
        end_s = monotonic() + timeout_s
        self._replace_dead()
        while self.ready_count < self._worker_count:
            if monotonic() >= end_s:
                return False
            sleep(_LOOK_AGAIN_S)
        return True

    def _replace_dead(self) -> None:
        """Once per call: a worker that cannot start is not tried again and again while somebody waits for it."""
        with self._changed:
            failed = [one for one in self._idle if isinstance(one, NotStarted) or not one.is_alive]
            for one in failed:
                self._idle.remove(one)
        for one in failed:
            if isinstance(one, NotStarted):
                self._let_keeper_start()
            else:
                self.replace(one)

    def take(self, deadline: Deadline) -> WorkerProcess | TimedOut | NotStarted:
        """A living worker, one that has started where there is one; raises PoolClosed."""
        while not deadline.has_passed:
            found = self._next_idle(deadline.next_wait_s())
            if isinstance(found, NotStarted):
                self._let_keeper_start()
                return found
            # One that closing has killed in this moment is asked all the same: its end is the answer, and no fault.
            if found is not None and (found.is_alive or self._is_closed):
                return found
            if found is not None:
                self.replace(found)
        return TimedOut(deadline.duration_s, Stage.FREE_WORKER)

    def _next_idle(self, wait_s: float) -> WorkerProcess | NotStarted | None:
        with self._changed:
            if not self._idle and not self._is_closed:
                self._changed.wait(wait_s)
            if self._is_closed:
                raise PoolClosed("this planner has been closed")
            if not self._idle:
                return None
            started = (one for one in self._idle if isinstance(one, WorkerProcess) and one.has_started())
            chosen = next(started, self._idle[0])
            self._idle.remove(chosen)
            return chosen

    def give_back(self, worker: WorkerProcess) -> None:
        """Let the next request have this worker, which has answered the last one."""
        with self._changed:
            if not self._is_closed:
                self._idle.append(worker)
                self._changed.notify()
                return
        self._end(worker)

    def replace(self, worker: WorkerProcess) -> None:
        """Kill this worker, which nobody may use any more, and have another one started; returns at once."""
        worker.kill()
        if not self._let_keeper_start(worker):
            self._end(worker)

    def _let_keeper_start(self, instead_of: WorkerProcess | None = None) -> bool:
        """Have a worker started, and the killed one reaped after that; False where the pool is closed."""
        with self._changed:
            if not self._is_closed:
                self._keeper.submit(self._start)
                if instead_of is not None:
                    self._keeper.submit(self._end, instead_of)
            return not self._is_closed

    def close(self) -> None:
        """Kill every worker and wait until it is gone; a plan being made gets no answer. May be called again."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            for worker in self._unreaped:
                worker.kill()
        self._keeper.shutdown(wait=True)
        with self._changed:
            unused = [*self._lingering, *(one for one in self._idle if isinstance(one, WorkerProcess))]
            self._lingering.clear()
            self._idle.clear()
        for worker in unused:
            self._end(worker, _CLOSE_S)
        with self._changed:  # who was asking a worker sees it die, and ends it
            self._changed.wait_for(lambda: len(self._unreaped) == len(self._lingering), _CLOSE_S)

    def _launch(self) -> WorkerProcess:
        return WorkerProcess(self._command, self._memory_bytes)

    def _admit(self, started: WorkerProcess | NotStarted) -> None:
        with self._changed:
            if isinstance(started, WorkerProcess):
                self._unreaped.add(started)
            self._idle.append(started)
            self._changed.notify()

    def _start(self) -> None:
        """Start a worker; the keeper's work."""
        if self._is_closed:
            return
        try:
            self._admit(self._launch())
        except OSError as refused:
            self._admit(NotStarted(refused.strerror or str(refused)))

    def _end(self, worker: WorkerProcess, reap_s: float = _REAP_S) -> None:
        """Kill and reap. A process that hangs in the kernel even then lingers, and is tried again with the next one."""
        worker.kill()
        lingering, self._lingering = self._lingering, []
        for one, patience_s in ((worker, reap_s), *((one, 0.0) for one in lingering)):
            has_gone = one.release(patience_s)
            with self._changed:
                if has_gone:
                    self._unreaped.discard(one)
                else:
                    self._lingering.append(one)
                self._changed.notify_all()
