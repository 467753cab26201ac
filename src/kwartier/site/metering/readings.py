"""The readings of one asset in the order of time."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.site.measurement import Measurement
from kwartier.units.quarter_hour import epoch_s

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Readings:
    """Times (epoch seconds, rising, each once), running totals (Wh) and powers (W) of one asset, all of shape (n,).

    What lies between two readings is a *gap*; there are n - 1 of them. Raises ValueError for times that do not rise.
    """

    time_s: FloatArray
    energy_total_wh: FloatArray
    power_w: FloatArray

    def __post_init__(self) -> None:
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("readings stand in the order of time, each moment once")

    @property
    def gap_s(self) -> FloatArray:
        """Length of each gap, seconds, shape (n - 1,)."""
        return np.diff(self.time_s)

    @property
    def rise_wh(self) -> FloatArray:
        """What the total rose by over each gap, Wh, shape (n - 1,); negative where it fell."""
        return np.diff(self.energy_total_wh)

    @property
    def flow_wh(self) -> FloatArray:
        """Energy over each gap as the powers at its two ends tell it (their mean), Wh, shape (n - 1,)."""
        return (self.power_w[:-1] + self.power_w[1:]) / 2.0 * self.gap_s / 3600.0


def readings_of(measurements: Iterable[Measurement]) -> Readings:
    """The readings of one asset's measurements, in whatever order; of two at one moment the later one counts.

    >>> from kwartier.site.measurement import Measurement
    >>> told = dict(asset_id="meter", power_value=60)
    >>> late = Measurement(**told, timestamp="2025-03-03T08:01:00Z", energy_value=1001)
    >>> early = Measurement(**told, timestamp="2025-03-03T08:00:00Z", energy_value=1000)
    >>> readings_of([late, early]).rise_wh.tolist()
    [1.0]
    """
    by_time = {epoch_s(one.timestamp): one for one in measurements}
    ordered = [by_time[moment_s] for moment_s in sorted(by_time)]
    return Readings(
        np.array(sorted(by_time), dtype=np.float64),
        np.array([one.energy_value for one in ordered], dtype=np.float64),
        np.array([one.power_value for one in ordered], dtype=np.float64),
    )
