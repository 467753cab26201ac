"""One writer for all: what several requests bring at a time is committed together, then each is told.

Without it every request waits for its own flush to disk, one after the other: 506 single posts per second with 402 ms
at the 99th percentile, against 2,738 at 47 ms with it (ingest.md, section 2).
"""

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from time import sleep
from typing import Protocol

from kwartier.adapters.sql.ingest_figures import IngestFigures
from kwartier.service.faults import StoreUnavailable
from kwartier.service.measurement_row import MeasurementRow, RowOutcome
from kwartier.service.ports.measurement_writer import QueueFull

# ingest.md, section 2: long enough to gather what arrives together, too short to be felt.
GATHER_S = 0.002
GROUP_ROWS_COUNT = 2_000
QUEUE_ROWS_COUNT = 20_000

Rows = Sequence[MeasurementRow]


class GroupStore(Protocol):
    """What commits a group on one of the databases; used by one thread only."""

    def commit(self, requests: Sequence[Rows]) -> list[list[RowOutcome]]:
        """Store the rows of all requests in one transaction, durably; the outcome of each row of each request.

        Raises StoreUnavailable or StoreFull, and then nothing is stored.
        """
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True)
class _Job:
    rows: Rows
    done: "Future[list[RowOutcome]]"


class GroupCommitWriter:
    """Implements `kwartier.service.ports.MeasurementWriter` with a thread of its own; `close` ends it."""

    def __init__(self, store: GroupStore) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = Lock()
        self._queued_count = 0
        self._is_closed = False
        self.figures = IngestFigures(lambda: self._queued_count, QUEUE_ROWS_COUNT)
        self._thread = Thread(target=self._run, name="measurement-writer", daemon=True)
        self._thread.start()

    def submit(self, rows: Rows) -> "Future[list[RowOutcome]] | QueueFull":
        """Queue rows to be written; QueueFull beyond 20,000 rows, except that an empty queue takes any request."""
        with self._lock:
            if self._is_closed:
                raise StoreUnavailable("the service is stopping")
            if self._queued_count and self._queued_count + len(rows) > QUEUE_ROWS_COUNT:
                self.figures.count_refused("queue_full", len(rows))
                return QueueFull()
            self._queued_count += len(rows)
            job = _Job(rows, Future())
            self._jobs.put(job)
        return job.done

    @property
    def queued_count(self) -> int:
        """How many rows wait to be written, or are being written."""
        return self._queued_count

    def close(self) -> None:
        """Write what is queued, then stop; later calls of `submit` raise StoreUnavailable."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            group, is_last = self._gather()
            wanted = [job for job in group if job.done.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)
            with self._lock:
                self._queued_count -= sum(len(job.rows) for job in group)
        self._store.close()

    def _gather(self) -> tuple[list[_Job], bool]:
        """The next request and what comes within a moment of it; whether that was the last."""
        group: list[_Job] = []
        count, has_waited = 0, False
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            count += len(job.rows)
            if count >= GROUP_ROWS_COUNT:
                return group, False
            if self._jobs.empty():
                if has_waited:
                    return group, False
                # One sleep, and not one wait for each request: to be woken costs more than to write a row.
                sleep(GATHER_S)
                has_waited = True
                if self._jobs.empty():
                    return group, False
            job = self._jobs.get()
        return group, True

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self.figures.commits.time():
                found = self._store.commit([job.rows for job in jobs])
        except StoreUnavailable as error:
            # Whoever else waits would wait in vain: each attempt costs the patience of a connection (R10: 2 s).
            for job in [*jobs, *self._waiting()]:
                self._fail(job, error)
        except Exception as error:  # noqa: BLE001 - one request's rows must never keep out the others'
            if len(jobs) == 1:
                self._fail(jobs[0], error)
                return
            for job in jobs:
                self._commit([job])
        else:
            self.figures.count(found)
            for job, outcomes in zip(jobs, found, strict=True):
                job.done.set_result(outcomes)

    def _fail(self, job: _Job, error: Exception) -> None:
        self.figures.count_refused("fault", len(job.rows))
        job.done.set_exception(error)

    def _waiting(self) -> Iterator[_Job]:
        """Take every queued request; one that nobody waits for any more is left out."""
        for _ in range(self._jobs.qsize()):
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            with self._lock:
                self._queued_count -= len(job.rows)
            if job.done.set_running_or_notify_cancel():
                yield job
