"""From the currents of a linear programme to on/off patterns that a charging pole can follow."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.problem import Problem
from kwartier.planning.sessions import LEAST_AC_CURRENT_A
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SMALL_A = 1e-6
# Two to this power money solves from a warm basis take less time than the root node of a search (measured).
MOST_ENUMERATED = 4


@dataclass(frozen=True)
class Executed:
    """The executed steps of the sessions that may not charge below 6 A; arrays (S, 2).

    `present` where such a car may charge; `kwh` per ampere; `stops` where its whole remaining need is less than 6 A for
    the step, so that it charges at 6 A and stops within the step, drawing `stop_a` on average; `whole` where its pole
    takes whole amperes only.
    """

    present: BoolArray
    most_a: FloatArray
    kwh: FloatArray
    remaining_kwh: FloatArray
    stops: BoolArray
    whole: BoolArray

    @property
    def stop_a(self) -> FloatArray:
        """Average current that meets the whole remaining need within the step, A."""
        return np.divide(
            self.remaining_kwh[:, None], self.kwh, out=np.zeros_like(self.kwh), where=self.kwh > 0.0
        )


def executed_steps(problem: Problem) -> Executed:
    """The executed steps of a problem."""
    most_a = problem.level_max[:, :EXECUTED_STEPS]
    kwh = problem.kwh_per_level[:, :EXECUTED_STEPS]
    remaining_kwh = problem.remaining_wh / 1000.0
    present = (most_a > 0.0) & problem.pilot_bound[:, None]
    stops = present & (remaining_kwh[:, None] < LEAST_AC_CURRENT_A * kwh)
    stepped = set(problem.request.options.whole_ampere_poles)
    whole = np.array([session.asset_id in stepped for session in problem.sessions], dtype=bool)
    return Executed(present, most_a, kwh, remaining_kwh, stops, present & whole[:, None] & ~stops)


def small_currents(executed: Executed, current_a: FloatArray) -> BoolArray:
    """Where a current lies between 0 and 6 A, shape (S, 2)."""
    return np.asarray(executed.present & (current_a > SMALL_A) & (current_a < LEAST_AC_CURRENT_A - SMALL_A))


def patterns(
    problem: Problem, executed: Executed, current_a: FloatArray, battery_kw: FloatArray
) -> Iterator[BoolArray]:
    """On/off patterns (S, 2) worth trying, the most promising first, no pattern twice.

    Rounded up as far as the boards have room; energy gathered into fewer steps; rounded down. Where only a few currents
    are small (`few_enough`), then every pattern of those few, so that no search can find a better one.
    """
    seen: set[bytes] = set()
    wanted = np.where(executed.present, current_a, 0.0)
    for preference in (
        wanted,
        _gathered(executed, wanted),
        np.where(small_currents(executed, wanted), 0.0, wanted),
    ):
        on = _fitting(problem, executed, preference, battery_kw)
        if on.tobytes() not in seen:
            seen.add(on.tobytes())
            yield on
    small = small_currents(executed, wanted)
    if few_enough(small):
        places = np.argwhere(small)
        for answer in itertools.product((True, False), repeat=len(places)):
            on = wanted > SMALL_A
            on[places[:, 0], places[:, 1]] = answer
            if on.tobytes() not in seen:
                yield on


def whole_amperes(executed: Executed, current_a: FloatArray) -> Iterator[FloatArray]:
    """Currents (S, 2) with every broken ampere rounded, NaN where none is: down first, then to the nearest."""
    broken = broken_amperes(executed, current_a)
    if broken.any():
        for rounded in (np.floor(current_a), np.minimum(np.round(current_a), np.floor(executed.most_a))):
            yield np.where(broken, rounded, np.nan)


def broken_amperes(executed: Executed, current_a: FloatArray) -> BoolArray:
    """Where a pole that takes whole amperes only would get a broken one, shape (S, 2); not where a current is NaN."""
    return np.asarray(executed.whole & (np.abs(current_a - np.round(current_a)) > SMALL_A))


def few_enough(small: BoolArray) -> bool:
    """Whether so few currents are small that trying all their patterns is quicker than a search."""
    return int(small.sum()) <= MOST_ENUMERATED


def _gathered(executed: Executed, wanted_a: FloatArray) -> FloatArray:
    """Each car's energy of the executed steps in as few steps of at least 6 A as hold it, the fullest steps first."""
    gathered = np.zeros_like(wanted_a)
    for session in np.flatnonzero(small_currents(executed, wanted_a).any(axis=1)):
        kwh = executed.kwh[session]
        energy_kwh = float(wanted_a[session] @ kwh)
        for step in np.argsort(-wanted_a[session], kind="stable"):
            if kwh[step] > 0.0 and energy_kwh >= LEAST_AC_CURRENT_A * kwh[step] / 2.0:
                gathered[session, step] = min(executed.most_a[session, step], energy_kwh / kwh[step])
                energy_kwh -= gathered[session, step] * kwh[step]
    untouched = ~small_currents(executed, wanted_a).any(axis=1)
    gathered[untouched] = wanted_a[untouched]
    return gathered


def _fitting(
    problem: Problem, executed: Executed, preference_a: FloatArray, battery_kw: FloatArray
) -> BoolArray:
    """Cars switched on, largest preference first, while every board has room for 6 A of each and the car needs them."""
    on = np.zeros(executed.present.shape, dtype=bool)
    left_kwh = executed.remaining_kwh.copy()
    sessions = len(problem.sessions)
    for step in range(executed.present.shape[1]):
        battery = problem.row_per_level[:, sessions:] @ battery_kw[:, step]
        upper = problem.limits.upper[:, step] - problem.fixed.row_high[:, step] - battery
        lower = -problem.limits.lower[:, step] + problem.fixed.row_low[:, step] + battery
        for session in np.argsort(-preference_a[:, step], kind="stable"):
            if preference_a[session, step] <= SMALL_A:
                break
            needed_kwh = LEAST_AC_CURRENT_A * executed.kwh[session, step]
            if needed_kwh > left_kwh[session] and not (
                executed.stops[session, step] and left_kwh[session] > 0.0
            ):
                continue
            rows = LEAST_AC_CURRENT_A * problem.row_per_level[:, session]
            touched = rows != 0.0
            if np.all(rows[touched] <= upper[touched] + SMALL_A) and np.all(
                -rows[touched] <= lower[touched] + SMALL_A
            ):
                on[session, step] = True
                left_kwh[session] -= min(left_kwh[session], needed_kwh)
                upper -= rows
                lower += rows
    return on
