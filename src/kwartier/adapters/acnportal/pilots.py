"""From planned currents to pilots that each station can give, within every constraint of the network."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from kwartier.adapters.acnportal.network import FloatArray, Infrastructure, overload_ratios

SMALL_A = 1e-6


class Stations(Infrastructure, Protocol):
    """The network, and which pilots its stations can give: levels in A, or anything in between."""

    allowable_pilots: list[FloatArray]
    is_continuous: npt.NDArray[np.bool_]


def pilots_a(
    stations: Stations, planned_a: FloatArray, least_a: FloatArray, urgency_share: FloatArray
) -> FloatArray:
    """What each station is told, A, shape (N,): the planned currents on the levels that it has.

    A station gets the level below its plan; then, the most urgent first, the one above while the sum stays within the
    planned one. Beyond the sum goes only a car that needs it: below `least_a` now, it could not be filled in time.
    Rounding up overloads no constraint; one that is overloaded all the same sheds the least urgent cars.
    """
    levels = zip(stations.allowable_pilots, stations.is_continuous.tolist(), strict=True)
    levels_a = [None if is_continuous else allowed_a for allowed_a, is_continuous in levels]
    told_a = np.array([_below(one_a, of_a) for one_a, of_a in zip(planned_a.tolist(), levels_a, strict=True)])
    wanted_a = np.maximum(planned_a, np.minimum(least_a, stations.max_pilot))
    for number in np.argsort(-urgency_share, kind="stable").tolist():
        trial_a = told_a.copy()
        trial_a[number] = _above(float(wanted_a[number]), levels_a[number])
        is_within = trial_a.sum() <= planned_a.sum() + SMALL_A or told_a[number] < least_a[number]
        if is_within and _fits(stations, trial_a):
            told_a = trial_a
    for number in np.argsort(urgency_share, kind="stable").tolist():
        if _fits(stations, told_a):
            break
        told_a[number] = 0.0
    return told_a


def _fits(stations: Stations, currents_a: FloatArray) -> bool:
    return bool(overload_ratios(stations, currents_a[:, None])[0] <= 1.0)


def _below(current_a: float, levels_a: FloatArray | None) -> float:
    """The station's largest level that is not above a current; the current itself where it has no levels."""
    if levels_a is None:
        return current_a
    return float(levels_a[levels_a <= current_a + SMALL_A].max(initial=0.0))


def _above(current_a: float, levels_a: FloatArray | None) -> float:
    """The smallest level that is not below a current, the largest where all are."""
    if levels_a is None:
        return current_a
    return float(levels_a[levels_a >= current_a - SMALL_A].min(initial=float(levels_a.max())))
