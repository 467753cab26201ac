"""Equal cars, equal currents: a linear programme gives one of two twins everything first; nobody wants that."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.problem import Problem
from kwartier.planning.sessions import LEAST_AC_CURRENT_A, Session
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]

SMALL_A = 1e-6


def _sameness(problem: Problem, index: int, session: Session) -> tuple[object, ...]:
    """What two sessions must share for an exchange of their plans to change nothing: board, phases, window, need."""
    return (
        problem.units[index][0],
        tuple(sorted(session.amps_per_level_by_point.items())),
        session.is_ac,
        session.expected,
        session.level_max,
        session.remaining_wh,
        session.owed_wh,
        session.minimum_wh,
        problem.share[index].tobytes(),
        session.suspended,
    )


def equal_session_indices(problem: Problem) -> list[list[int]]:
    """Groups of two or more sessions that are exchangeable."""
    by_need: dict[tuple[float, float], list[int]] = {}
    for index, session in enumerate(problem.sessions):
        by_need.setdefault((session.remaining_wh, session.owed_wh), []).append(index)
    groups: dict[tuple[object, ...], list[int]] = {}
    for members in by_need.values():
        # Most cars need what no other one needs; the rest is looked at more closely.
        for index in members if len(members) > 1 else ():
            groups.setdefault(_sameness(problem, index, problem.sessions[index]), []).append(index)
    return [members for members in groups.values() if len(members) > 1]


def with_equal_currents(problem: Problem, level: FloatArray) -> FloatArray:
    """The same plan with every group of equal sessions at the mean of their levels, shape (S, n).

    The mean of exchangeable plans keeps every limit and costs the same. A group whose mean would fall between 0 and
    6 A, or between whole amperes where its poles take no others, in an executed step stays as it is.
    """
    level = level.copy()
    stepped = set(problem.request.options.whole_ampere_poles)
    for members in equal_session_indices(problem):
        alike = level[members]
        if not alike.any():
            continue
        mean = alike.sum(axis=0) / len(members)
        is_stepped = any(problem.sessions[index].asset_id in stepped for index in members)
        if not (
            problem.pilot_bound[members[0]] and _breaks_a_rule(mean[:EXECUTED_STEPS], is_stepped=is_stepped)
        ):
            level[members] = mean
    return level


def _breaks_a_rule(near_a: FloatArray, *, is_stepped: bool) -> bool:
    """Whether one of these currents is too small, or between whole amperes where the pole takes no others."""
    forbidden = (near_a > SMALL_A) & (near_a < LEAST_AC_CURRENT_A)
    if is_stepped:
        forbidden |= np.abs(near_a - np.round(near_a)) > SMALL_A
    return bool(forbidden.any())
