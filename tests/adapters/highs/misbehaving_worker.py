"""A worker that knows one plan, and misbehaves when a request's site is named after a fault.

`python misbehaving_worker.py PLAN_FILE MEMORY_BYTES PARENT_PROCESS_NUMBER`. It loads no solver, so that it starts in
tens of milliseconds: what is tested is the process that supervises it.
"""

import ctypes
import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kwartier.adapters.highs.frames import Frame, Kind, read_frame
from kwartier.adapters.highs.outcome import OUT_OF_MEMORY_EXIT_CODE
from kwartier.adapters.highs.worker import confined_pipes

LATE_S = 0.45
"""Later than the deadlines of the tests, and soon enough to meet the moment of the kill."""


@dataclass(frozen=True)
class Worker:
    """What a fault needs to do its harm: the plan that the worker knows, and the pipe for answers."""

    plan: bytes
    answers: BinaryIO

    def write(self, data: bytes) -> None:
        """Send bytes, whatever they mean."""
        self.answers.write(data)
        self.answers.flush()


def answers(worker: Worker, request: Frame) -> None:
    worker.write(Frame(Kind.PLAN, request.request_number, worker.plan).pack())


def hangs(worker: Worker, request: Frame) -> None:
    time.sleep(3600)


def hangs_in_c_code(worker: Worker, request: Frame) -> None:
    re.match("(a+)+$", "a" * 60 + "b")  # needs 2^60 steps, and lets no other thread run


def stops(worker: Worker, request: Frame) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def exits(worker: Worker, request: Frame) -> None:
    os._exit(1)


def exits_as_if_done(worker: Worker, request: Frame) -> None:
    sys.exit(0)


def crashes(worker: Worker, request: Frame) -> None:
    ctypes.string_at(0)


def is_killed(worker: Worker, request: Frame) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def eats_memory(worker: Worker, request: Frame) -> None:
    eaten = []
    while True:
        eaten.append(b"x" * 2**22)


def writes_garbage(worker: Worker, request: Frame) -> None:
    worker.write(b"Running HiGHS 1.15.1: Copyright (c) 2026 HiGHS under MIT licence terms\n")


def writes_a_huge_length(worker: Worker, request: Frame) -> None:
    worker.write(b"P" + request.request_number.to_bytes(8, "big") + b"\xff\xff\xff\xff")


def writes_half_a_frame(worker: Worker, request: Frame) -> None:
    whole = Frame(Kind.PLAN, request.request_number, worker.plan).pack()
    worker.write(whole[: len(whole) // 2])
    time.sleep(3600)


def writes_half_a_plan(worker: Worker, request: Frame) -> None:
    half = worker.plan[: len(worker.plan) // 2]
    worker.write(Frame(Kind.PLAN, request.request_number, half).pack())


def answers_late(worker: Worker, request: Frame) -> None:
    time.sleep(LATE_S)
    answers(worker, request)


def answers_the_previous_request(worker: Worker, request: Frame) -> None:
    worker.write(Frame(Kind.PLAN, request.request_number - 1, worker.plan).pack())


def gives_the_plan_of_another_site(worker: Worker, request: Frame) -> None:
    answers(worker, request)


def closes_its_output(worker: Worker, request: Frame) -> None:
    worker.answers.close()
    time.sleep(3600)


FAULTS = {
    fault.__name__: fault
    for fault in (
        hangs,
        hangs_in_c_code,
        stops,
        exits,
        exits_as_if_done,
        crashes,
        is_killed,
        eats_memory,
        writes_garbage,
        writes_a_huge_length,
        writes_half_a_frame,
        writes_half_a_plan,
        answers_late,
        answers_the_previous_request,
        gives_the_plan_of_another_site,
        closes_its_output,
    )
}


def site_id(request: Frame) -> str:
    """The site of the request, found without reading the whole document."""
    return request.payload.split(b'"site_id":"')[1].split(b'"')[0].decode()


def main() -> None:
    plan = Path(sys.argv[1]).read_bytes()
    requests, pipe = confined_pipes(sys.argv[2:])
    worker = Worker(plan, pipe)
    worker.write(Frame(Kind.READY, 0).pack())
    while (request := read_frame(requests)) is not None:
        FAULTS.get(site_id(request), answers)(worker, request)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT_CODE)
