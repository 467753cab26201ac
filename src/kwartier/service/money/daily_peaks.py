"""The highest quarter-hour of each day of a month: its peak calendar."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

import numpy as np

from kwartier.tariffs import LocalMonth, MeterSeries
from kwartier.units.local_quarters import local_days_and_quarters
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, from_epoch_s

MILLIWH_PER_WH = 1000.0


@dataclass(frozen=True)
class DailyPeak:
    """The quarter-hour of a local day with the largest offtake: its start, its average power in W.

    `known_ratio` is the part of the day, 0 to 1, that is measured; of a day with nothing measured there is no entry.
    """

    day: date
    start: datetime
    power_w: float
    known_ratio: float


def daily_peaks(meter: MeterSeries, month: LocalMonth, zone: tzinfo) -> tuple[DailyPeak, ...]:
    """The peak of each day of the month of which anything is known; of equal ones the first."""
    indices = month.quarter_indices(zone)
    own = meter.part(indices)
    starts_s = np.arange(indices.start, indices.stop, dtype=np.int64) * QUARTER_S
    days, _ = local_days_and_quarters(starts_s, zone)
    power_w = np.where(own.is_offtake_known, own.offtake_milliwh / MILLIWH_PER_WH / QUARTER_H, -1.0)
    found = []
    for day in np.unique(days[own.is_offtake_known]).tolist():
        here = np.flatnonzero(days == day)
        place = int(here[np.argmax(power_w[here])])
        known_ratio = float(own.is_offtake_known[here].mean())
        start = from_epoch_s(float(starts_s[place]))
        found.append(DailyPeak(date.fromordinal(day), start, float(power_w[place]), known_ratio))
    return tuple(found)
