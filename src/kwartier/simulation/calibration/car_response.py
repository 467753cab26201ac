"""The least current that a car starts at, and the steps that it follows, from what it takes of what it is offered.

IEC 61851-1 lets a car draw up to the offered current from 6 A on; some start later only, and some follow in whole
amperes or coarser. Observations are of a car that wants energy, in a steady state: not the seconds after a change.
"""

from dataclasses import dataclass

import numpy as np

from kwartier.simulation.calibration.blocks import FloatArray

# Electronics of a pole and a car at rest draw less.
DRAWING_A = 0.5
# Fewer on either side of the minimum are an accident.
LEAST_COUNT = 3
MOST_WRONG_SHARE = 0.05
# 0 is a car that follows any current; the others are those of chargers on the market, in A.
STEPS_A = (0.0, 0.5, 1.0, 2.0, 4.0)
LEAST_STEP_COUNT = 20
# A coarser step is believed when its misfit is this much smaller than that of any current.
CLEARER = 0.7


@dataclass(frozen=True)
class CarResponse:
    """The least current between `refused_a` and `accepted_a`, the step (0: any current), and how sure they are.

    `least_current_a` is the lowest offer that was accepted, null where none below it was refused often enough.
    `step_a` is null with fewer than 20 observations; `step_misfit_a` is what the taken currents differ from that step.
    """

    least_current_a: float | None
    refused_a: float | None
    accepted_a: float | None
    wrong_share: float
    step_a: float | None
    step_misfit_a: float | None
    observation_count: int


def car_response(offered_a: FloatArray, taken_a: FloatArray) -> CarResponse:
    """What a car's answers say; both per pin, shape (n,), offers of less than 6 A left out."""
    is_drawing = taken_a >= DRAWING_A
    least_a, wrong_share = _threshold_a(offered_a, is_drawing)
    refused, accepted = (
        offered_a[~is_drawing & (offered_a < least_a)],
        offered_a[is_drawing & (offered_a >= least_a)],
    )
    is_clear = min(len(refused), len(accepted)) >= LEAST_COUNT and wrong_share <= MOST_WRONG_SHARE
    step_a, misfit_a = _step_a(offered_a[is_drawing], taken_a[is_drawing])
    return CarResponse(
        least_current_a=float(accepted.min()) if is_clear else None,
        refused_a=float(refused.max()) if len(refused) else None,
        accepted_a=float(accepted.min()) if len(accepted) else None,
        wrong_share=wrong_share,
        step_a=step_a,
        step_misfit_a=misfit_a,
        observation_count=len(offered_a),
    )


def _threshold_a(offered_a: FloatArray, is_drawing: np.ndarray) -> tuple[float, float]:
    """The offer that parts drawing from not drawing with the fewest exceptions, and their share of all."""
    offers_a = np.unique(offered_a)
    if not len(offers_a):
        return np.inf, 0.0
    candidates_a = np.r_[offers_a, np.inf]
    wrong_counts = [np.count_nonzero((offered_a >= one) != is_drawing) for one in candidates_a]
    best = int(np.argmin(wrong_counts))
    return float(candidates_a[best]), wrong_counts[best] / len(offered_a)


def _step_a(offered_a: FloatArray, taken_a: FloatArray) -> tuple[float | None, float | None]:
    """The step that explains what is taken best, among offers below the car's own limit."""
    if not len(taken_a):
        return None, None
    follows = offered_a <= np.percentile(taken_a, 99)
    offered_a, taken_a = offered_a[follows], taken_a[follows]
    if len(taken_a) < LEAST_STEP_COUNT:
        return None, None
    misfit_a = {step_a: _misfit_a(offered_a, taken_a, step_a) for step_a in STEPS_A}
    best_a = min(misfit_a, key=lambda step_a: misfit_a[step_a])
    chosen_a = best_a if misfit_a[best_a] < CLEARER * misfit_a[0.0] else 0.0
    return chosen_a, misfit_a[chosen_a]


def _misfit_a(offered_a: FloatArray, taken_a: FloatArray, step_a: float) -> float:
    """Spread of what is taken around the largest step within the offer; a constant difference is the meter's."""
    expected_a = offered_a if step_a == 0.0 else np.floor(offered_a / step_a + 1e-9) * step_a
    return float(np.std(taken_a - expected_a))
