"""A schedule: what every device does in every step, whoever decided it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.problem import Problem

FloatArray = npt.NDArray[np.float64]

# Numbers on the wire keep this many decimals (W, A, percent): far below any meter, and no rounding noise in texts.
DECIMALS = 6


@dataclass(frozen=True)
class Schedule:
    """Decisions: `level` (S, n) while charging (A per pin or kW), averages `session_w` (S, n), `battery_w` (B, n).

    What follows from them: `stored_kwh` (B, n) is the energy at the end of each step, `point_w` (P, n) the average
    power of all controlled devices at each point, `charged_wh` (S,) what each session takes inside the horizon.
    """

    level: FloatArray
    session_w: FloatArray
    battery_w: FloatArray
    stored_kwh: FloatArray
    point_w: FloatArray
    charged_wh: FloatArray


def make_schedule(
    problem: Problem, level: FloatArray, session_w: FloatArray, battery_w: FloatArray
) -> Schedule:
    """The schedule with numbers rounded as they will be written, and what follows from them."""
    rounded = (values.round(DECIMALS) + 0.0 for values in (level, session_w, battery_w))
    return exact_schedule(problem, *rounded)


def exact_schedule(
    problem: Problem, level: FloatArray, session_w: FloatArray, battery_w: FloatArray
) -> Schedule:
    """The schedule of numbers that nobody writes, and what follows from them."""
    hours = problem.grid.hours_h
    stored = np.zeros_like(battery_w)
    for index, battery in enumerate(problem.batteries):
        charged = np.maximum(battery_w[index], 0.0) * battery.device.charging_efficiency
        drawn = np.minimum(battery_w[index], 0.0) / battery.device.discharging_efficiency
        stored[index] = battery.stored_kwh + np.cumsum((charged + drawn) * hours) / 1000.0
    return Schedule(
        level=level,
        session_w=session_w,
        battery_w=battery_w,
        stored_kwh=stored,
        point_w=problem.point_share @ np.vstack([session_w, battery_w]),
        charged_wh=session_w @ hours,
    )


def unit_levels(schedule: Schedule) -> FloatArray:
    """Level of every unit while it runs, shape (U, n)."""
    return np.vstack([schedule.level, schedule.battery_w / 1000.0])
