"""The worker process: plans one request after the other, until its input ends.

`python -m kwartier.adapters.highs.worker MEMORY_BYTES PARENT_PROCESS_NUMBER`; started by `worker_process`.
"""

import os
import sys
from typing import TYPE_CHECKING, BinaryIO

from kwartier.adapters.highs.confinement import confine, private_pipes
from kwartier.adapters.highs.frames import Frame, Kind, read_frame
from kwartier.adapters.highs.outcome import OUT_OF_MEMORY_EXIT_CODE
from kwartier.adapters.highs.planning_order import unpacked

if TYPE_CHECKING:
    from kwartier.service.replay_plan import PlanFunction


def main() -> None:
    """Confine this process, then load the planner and serve."""
    requests, answers = confined_pipes(sys.argv[1:])
    from kwartier.planning.planner import plan

    serve(requests, answers, plan)


def confined_pipes(arguments: list[str]) -> tuple[BinaryIO, BinaryIO]:
    """Requests in and answers out, of a process that is bounded as its command line says."""
    memory_bytes, parent_process_number = map(int, arguments)
    pipes = private_pipes()
    confine(memory_bytes, parent_process_number)
    return pipes


def serve(requests: BinaryIO, answers: BinaryIO, planner: "PlanFunction") -> None:
    """Answer requests until there are no more. What goes wrong ends the process: the parent has another one."""
    try:
        _write(answers, Frame(Kind.READY, 0))
        while (request := read_frame(requests)) is not None:
            _write(answers, _answer(request, planner))
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT_CODE)  # an ordinary end would need memory


def _answer(request: Frame, planner: "PlanFunction") -> Frame:
    from pydantic import TypeAdapter

    from kwartier.planning.problem import InvalidRequest
    from kwartier.site.finding import Finding

    try:
        wanted, previous = unpacked(request.payload)
        plan = planner(wanted, previous=previous)
    except InvalidRequest as refused:
        findings = TypeAdapter(list[Finding]).dump_json(refused.findings)
        return Frame(Kind.FINDINGS, request.request_number, findings)
    return Frame(Kind.PLAN, request.request_number, plan.model_dump_json().encode())


def _write(answers: BinaryIO, frame: Frame) -> None:
    answers.write(frame.pack())
    answers.flush()


if __name__ == "__main__":
    main()
