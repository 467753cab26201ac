"""What cannot work, known before anything is solved: boards that the fixed load breaks, cars that come too late."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.limit_room import NEGLIGIBLE
from kwartier.planning.problem import Problem

FloatArray = npt.NDArray[np.float64]

# A shortage below this is rounding (planner.md: 1e-4 kWh).
NEGLIGIBLE_WH = 0.1


def diagnose(problem: Problem) -> list[str]:
    """Every over-constraint in site words, boards first, then cars. Times are local."""
    return [*_broken_boards(problem), *_late_cars(problem)]


def local_time(problem: Problem, moment_s: float) -> str:
    """A moment in the site's time zone: 17:00 on the plan's first day, Tue 17:00 after it."""
    local = datetime.fromtimestamp(moment_s, problem.timezone)
    clock = f"{local.hour:02}:{local.minute:02}"
    return clock if local.date() == problem.first_local_day else f"{local:%a} {clock}"


def _runs(steps: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    for _, run in groupby(enumerate(steps), key=lambda pair: pair[1] - pair[0]):
        members = [step for _, step in run]
        yield members[0], members[-1]


def _broken_boards(problem: Problem) -> Iterator[str]:
    """One line per limit and stretch of time in which the fixed load alone is above it."""
    scale = np.array([row.scale for row in problem.limits.rows])[:, None]
    limits = np.stack([problem.limits.upper, -problem.limits.lower]) / scale
    fixed = problem.fixed.row_magnitude
    is_broken = fixed > limits + NEGLIGIBLE
    if not is_broken.any():
        return
    told: set[tuple[int, int]] = set()
    for index, row in enumerate(problem.limits.rows):
        for side in (0, 1):
            if (row.quantity, side) in told or (row.is_line and side == 1):
                continue
            told.add((row.quantity, side))
            for first, last in _runs(np.flatnonzero(is_broken[side, index]).tolist()):
                yield _board_line(problem, index, (first, last), fixed[side, index], limits[side, index])


def _board_line(
    problem: Problem, index: int, steps: tuple[int, int], fixed: FloatArray, limit: FloatArray
) -> str:
    row = problem.limits.rows[index]
    first, last = steps
    worst = first + int(np.argmax((fixed - limit)[first : last + 1]))
    boundary_s = problem.grid.boundary_s
    when = "–".join(local_time(problem, float(boundary_s[edge])) for edge in (first, last + 1))
    unit = "kW" if row.phase is None else "A"
    place = row.board if row.phase is None else f"{row.board}, {row.phase}"
    return f"{place}, {when}: fixed load {fixed[worst]:.3g} {unit} exceeds {limit[worst]:.3g} {unit}"


def reachable_wh(problem: Problem) -> FloatArray:
    """What each session could take inside the horizon at full power all the time, Wh, shape (S,)."""
    return np.asarray((problem.kwh_per_level * problem.level_max).sum(axis=1) * 1000.0)


def _late_cars(problem: Problem) -> Iterator[str]:
    """Cars whose window is too short even at full power."""
    for session, reachable in zip(problem.sessions, reachable_wh(problem).tolist(), strict=True):
        if not session.expected and session.owed_wh - reachable > NEGLIGIBLE_WH:
            until = local_time(problem, min(session.departure_s, problem.grid.end_s))
            yield (
                f"the car at {session.asset_id} (transaction {session.transaction_id}) will reach "
                f"{reachable / 1000.0:.1f} of {session.owed_wh / 1000.0:.1f} kWh by {until}, even at full power"
            )
