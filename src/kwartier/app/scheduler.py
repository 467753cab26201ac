"""What has to be done without being asked, each quarter-hour, in a thread of its own."""

from collections.abc import Callable, Mapping
from threading import Event, Thread

from kwartier.app.guarded import guarded
from kwartier.service.ports.clock import Clock
from kwartier.units.quarter_hour import QUARTER_S, epoch_s

# A clock that is set forward by hand must not make the jobs wait longer than this.
LONGEST_WAIT_S = 60.0

Jobs = Mapping[str, Callable[[], None]]


class Scheduler:
    """Runs its jobs one after the other at the start and at every clock quarter-hour, until it is closed."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs, self._clock = jobs, clock
        self._stop = Event()
        self._thread = Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the job that runs."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        done_quarter = -1
        while not self._stop.is_set():
            now_s = epoch_s(self._clock.now())
            quarter = int(now_s // QUARTER_S)
            if quarter != done_quarter:
                done_quarter = quarter
                self._run_jobs()
            else:
                self._stop.wait(self._clock.waiting_s(min(LONGEST_WAIT_S, QUARTER_S - now_s % QUARTER_S)))

    def _run_jobs(self) -> None:
        for name, job in self._jobs.items():
            if self._stop.is_set():
                return
            guarded(job, name)
