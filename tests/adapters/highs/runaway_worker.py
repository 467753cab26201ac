"""The real worker with a planner that, for some sites, goes wrong where it may: in the solver, in Python, in print.

`python runaway_worker.py MEMORY_BYTES PARENT_PROCESS_NUMBER`. For the site "runaway" HiGHS searches for three whole
numbers without bounds that do not exist, and finds no end.
"""

import os
import sys

import highspy
import numpy as np

from kwartier.adapters.highs.worker import confined_pipes, serve
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest


def search_without_end() -> None:
    """Find whole x, y, z with 6 x + 10 y + 14 z = 1 and x + y + z >= 0: an even number that equals an odd one."""
    highs = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("presolve", "off")):
        highs.setOptionValue(name, setting)
    columns = np.arange(3, dtype=np.int32)
    for column in columns:
        highs.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        highs.changeColIntegrality(int(column), highspy.HighsVarType.kInteger)
    highs.changeColsCost(3, columns, np.ones(3))
    highs.addRow(1.0, 1.0, 3, columns, np.array([6.0, 10.0, 14.0]))
    highs.addRow(0.0, highspy.kHighsInf, 3, columns, np.ones(3))
    highs.run()


def take_all_memory() -> None:
    """Fill arrays, 16 MiB each, until there is no memory left for another one."""
    taken = []
    while True:
        taken.append(np.ones(2**21))


def plan_or_run_away(request: PlanRequest, *, previous: Plan | None = None) -> Plan:
    if request.site.site_id == "runaway":
        search_without_end()
    if request.site.site_id == "hungry":
        take_all_memory()
    if request.site.site_id == "bug":
        raise ZeroDivisionError("a mistake in the planner")
    if request.site.site_id == "chatty":
        sys.stdout.write("said in Python\n")
        sys.stdout.flush()
        os.write(1, b"said in C\n")
    return plan(request)


if __name__ == "__main__":
    serve(*confined_pipes(sys.argv[1:]), plan_or_run_away)
