"""A battery's efficiencies, from what went in and out and the state of charge that it reports.

Stored energy is a start plus η_c × what was charged minus what was discharged / η_d. Within a day that is a straight
line in the two sums, each day with a start of its own: drift of the reported state stays out of it. The uncertainty is
that of whole days (clustered by day; Cameron and Miller, «A Practitioner's Guide to Cluster-Robust Inference», 2015),
since rounding of the state of charge makes the errors of one day follow each other.
"""

from dataclasses import dataclass

import numpy as np

from kwartier.simulation.calibration.blocks import LEAST_BLOCKS, FloatArray, known_blocks

# Half a day of a battery at rest would only add noise.
LEAST_QUARTERS = 16
# Two standard errors leave one in twenty to chance.
TELLING = 2.0


@dataclass(frozen=True)
class BatteryEfficiency:
    """Suggested efficiencies, with standard errors, from `day_count` days and `observation_count` quarter-hours."""

    charging_efficiency: float
    discharging_efficiency: float
    charging_error_share: float
    discharging_error_share: float
    day_count: int
    observation_count: int

    def contradicts(self, charging_efficiency: float, discharging_efficiency: float) -> bool:
        """Whether configured efficiencies lie more than two standard errors away from the suggested ones."""
        return (
            abs(charging_efficiency - self.charging_efficiency) > TELLING * self.charging_error_share
            or abs(discharging_efficiency - self.discharging_efficiency)
            > TELLING * self.discharging_error_share
        )


def battery_efficiency(
    energy_wh: FloatArray, charge_percent: FloatArray, capacity_wh: float
) -> BatteryEfficiency | None:
    """The efficiencies, or None where they cannot be told: too few days, or only charged, or only discharged.

    `energy_wh` per quarter-hour at the grid's side, positive when charging, and `charge_percent` at the end of each,
    both of shape (n,) and NaN where not known.
    """
    stored_wh = charge_percent * capacity_wh / 100.0
    days = []
    for block in known_blocks(~np.isnan(energy_wh) & ~np.isnan(stored_wh), LEAST_QUARTERS):
        charged, discharged = (np.cumsum(np.clip(sign * energy_wh[block], 0.0, None)) for sign in (1, -1))
        sums = np.stack([charged, discharged], axis=1)
        days.append((sums - sums.mean(axis=0), stored_wh[block] - stored_wh[block].mean()))
    if len(days) < LEAST_BLOCKS:
        return None
    moments = np.sum([sums.T @ sums for sums, _ in days], axis=0)
    if np.linalg.cond(moments) > 1e9:
        return None
    inverse = np.linalg.inv(moments)
    slopes = inverse @ np.sum([sums.T @ stored for sums, stored in days], axis=0)
    if slopes[0] <= 0.0 or slopes[1] >= 0.0:
        return None
    scores = np.array([sums.T @ (stored - sums @ slopes) for sums, stored in days])
    spread = inverse @ (scores.T @ scores) @ inverse * len(days) / (len(days) - 1)
    errors = np.sqrt(np.diag(spread))
    return BatteryEfficiency(
        charging_efficiency=float(slopes[0]),
        discharging_efficiency=float(-1.0 / slopes[1]),
        charging_error_share=float(errors[0]),
        # η_d is the inverse of a slope: its error is that of the slope over the slope's square.
        discharging_error_share=float(errors[1] / slopes[1] ** 2),
        day_count=len(days),
        observation_count=sum(len(stored) for _, stored in days),
    )
