"""Jobs on the processors of this machine: implements `kwartier.simulation.executor`."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TypeVar

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True)
class Processes:
    """Implements `Executor` with so many processes; one runs its jobs here, in their order, without a second one."""

    process_count: int

    def run(self, work: Callable[[J], R], jobs: Iterable[J]) -> Iterator[tuple[J, R]]:
        """Every job with its result; jobs that have not begun are dropped where one fails."""
        if self.process_count == 1:
            for job in jobs:
                yield job, work(job)
            return
        # Spawned, not forked: a fork inherits the solver's threads in whatever state they are.
        with ProcessPoolExecutor(self.process_count, get_context("spawn")) as pool:
            job_of = {pool.submit(work, job): job for job in jobs}
            try:
                for future in as_completed(job_of):
                    yield job_of[future], future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
