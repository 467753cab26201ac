"""Planned currents on the levels of stations."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from kwartier.adapters.acnportal.network import FloatArray
from kwartier.adapters.acnportal.pilots import pilots_a

COARSE_A = np.array([0.0, 8.0, 16.0, 24.0, 32.0])  # a ClipperCreek station's levels (acnportal, evse.py)


@dataclass
class OneLine:
    """Three stations with coarse levels on one line of so many amperes."""

    limit_a: float
    station_ids: list[str] = field(default_factory=lambda: ["a", "b", "c"])
    constraint_ids: list[str] = field(default_factory=lambda: ["line"])
    constraint_matrix: FloatArray = field(default_factory=lambda: np.ones((1, 3)))
    phases: FloatArray = field(default_factory=lambda: np.zeros(3))
    voltages: FloatArray = field(default_factory=lambda: np.full(3, 208.0))
    max_pilot: FloatArray = field(default_factory=lambda: np.full(3, 32.0))
    allowable_pilots: list[FloatArray] = field(default_factory=lambda: [COARSE_A] * 3)
    is_continuous: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]" = field(
        default_factory=lambda: np.zeros(3, dtype=bool)
    )

    constraint_limits: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.constraint_limits = np.array([self.limit_a])


@pytest.mark.parametrize(
    ("limit_a", "planned_a", "least_a", "told_a"),
    [
        # Below: 8, 8, 8; the 6 A left lift nobody by 8.
        (100, [10, 10, 10], [0, 0, 0], [8, 8, 8]),
        # Below: 8, 8, 8; of the 9 A left the most urgent gets 8.
        (100, [11, 11, 11], [0, 0, 0], [8, 8, 16]),
        # The first needs 20 A now or leaves short: that goes beyond the plan's sum.
        (100, [10, 10, 10], [20, 0, 0], [24, 8, 8]),
        # It would, but the line carries 30 A: 24 + 8 + 8 do not fit.
        (30, [10, 10, 10], [20, 0, 0], [8, 8, 8]),
        # A plan that does not fit sheds the least urgent.
        (20, [10, 10, 10], [0, 0, 0], [0, 8, 8]),
    ],
)
def test_levels_follow_the_plan(
    limit_a: float, planned_a: list[float], least_a: list[float], told_a: list[float]
) -> None:
    told = pilots_a(
        OneLine(limit_a),
        np.array(planned_a, dtype=float),
        np.array(least_a, dtype=float),
        np.array([0.1, 0.2, 0.3]),
    )
    assert told.tolist() == told_a


def test_a_station_without_levels_gets_what_is_planned() -> None:
    stations = OneLine(100, is_continuous=np.ones(3, dtype=bool))
    planned_a = np.array([6.5, 0.0, 31.9])
    assert pilots_a(stations, planned_a, np.zeros(3), np.zeros(3)).tolist() == planned_a.tolist()
