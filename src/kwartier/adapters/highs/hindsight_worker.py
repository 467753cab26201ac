"""The process that finds the optimum of one past month, behind everything else that the machine does.

`python -m kwartier.adapters.highs.hindsight_worker MEMORY_BYTES PARENT_PROCESS_NUMBER`; started by `hindsight_peaks`.
"""

import json
import os
import sys

from kwartier.adapters.highs.frames import Frame, Kind, read_frame
from kwartier.adapters.highs.month_order import unpacked
from kwartier.adapters.highs.outcome import OUT_OF_MEMORY_EXIT_CODE
from kwartier.adapters.highs.worker import confined_pipes

# nice(2): the lowest priority. A plan that is made at the same time has the processor.
LAST = 19


def main() -> None:
    """Confine this process, answer one order, end."""
    orders, answers = confined_pipes(sys.argv[1:])
    os.nice(LAST)
    try:
        order = read_frame(orders)
        if order is not None:
            answers.write(answered(order).pack())
            answers.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT_CODE)  # an ordinary end would need memory


def answered(order: Frame) -> Frame:
    """The highest offtake of each connection, W, or the findings that say why there is none."""
    from pydantic import TypeAdapter

    from kwartier.planning.problem import InvalidRequest, build_problem
    from kwartier.simulation.whole_period import hindsight_of
    from kwartier.site.finding import Finding

    request, horizon_days = unpacked(order.payload)
    try:
        best = hindsight_of(build_problem(request, horizon_days=horizon_days))
    except InvalidRequest as refused:
        findings = TypeAdapter(list[Finding]).dump_json(refused.findings)
        return Frame(Kind.FINDINGS, order.request_number, findings)
    return Frame(Kind.PLAN, order.request_number, json.dumps(best.highest_offtake_w).encode())


if __name__ == "__main__":
    main()
