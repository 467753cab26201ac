"""How much too high a forecast is on average, in energy, with an uncertainty from whole days."""

from dataclasses import dataclass

import numpy as np

from kwartier.simulation.calibration.blocks import LEAST_BLOCKS, FloatArray, known_blocks

LEAST_QUARTERS = 16
TELLING = 2.0


@dataclass(frozen=True)
class ForecastBias:
    """Forecast less actual energy over the actual one; positive: too much was forecast (of load or of sun)."""

    bias_share: float
    error_share: float
    day_count: int
    observation_count: int

    @property
    def is_telling(self) -> bool:
        """Whether it lies more than two standard errors away from none."""
        return abs(self.bias_share) > TELLING * self.error_share

    @property
    def suggested_factor(self) -> float:
        """What to multiply the forecast with, so that it is right on average."""
        return 1.0 / (1.0 + self.bias_share)


def forecast_bias(forecast_w: FloatArray, actual_w: FloatArray) -> ForecastBias | None:
    """The bias of forecast means against what was measured; None with too few days, or where nothing was measured.

    Both per quarter-hour, shape (n,), NaN where not known. A sum over days divided by a sum over days is a ratio
    estimator; its error is that of the days' residuals (Cochran, «Sampling Techniques», 1977, section 2.11).
    """
    known = ~np.isnan(forecast_w) & ~np.isnan(actual_w)
    blocks = list(known_blocks(known, LEAST_QUARTERS))
    actual = np.array([abs(float(actual_w[block].sum())) for block in blocks])
    if len(blocks) < LEAST_BLOCKS or actual.sum() <= 0.0:
        return None
    sign = 1.0 if sum(float(actual_w[block].sum()) for block in blocks) >= 0.0 else -1.0
    above = np.array([sign * float((forecast_w[block] - actual_w[block]).sum()) for block in blocks])
    bias_share = float(above.sum() / actual.sum())
    residual = above - bias_share * actual
    spread = len(blocks) / (len(blocks) - 1) * float(residual @ residual)
    return ForecastBias(
        bias_share=bias_share,
        error_share=spread**0.5 / float(actual.sum()),
        day_count=len(blocks),
        observation_count=sum(block.stop - block.start for block in blocks),
    )
