"""Quarter-hours summed to the hours and days of a site's own clock."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

import numpy as np

from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.metering.readings import FloatArray
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

Resolution = Literal["PT15M", "PT1H", "P1D"]

# No period is longer: a local day of 25 hours, and one more for offsets that move by more.
_LONGEST_S = 26 * 3600


@dataclass(frozen=True)
class PeriodEnergies:
    """Energy per period, arrays of shape (n,): as `QuarterEnergies`, with ratios of the period's own length."""

    start_s: FloatArray
    length_s: FloatArray
    energy_wh: FloatArray
    covered_ratio: FloatArray
    from_power_ratio: FloatArray


def period_boundaries_s(from_s: float, to_s: float, resolution: Resolution, zone: tzinfo) -> FloatArray:
    """The starts of all periods that touch [`from_s`, `to_s`) and the end of the last one, epoch seconds.

    Hours and days are those of the zone's clock: the days of its changes have 92 or 100 quarter-hours.

    >>> from zoneinfo import ZoneInfo
    >>> day = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Brussels")).timestamp()
    >>> np.diff(period_boundaries_s(day, day + 1, "P1D", ZoneInfo("Europe/Brussels"))).tolist()
    [82800.0]
    """
    first_s = from_s // QUARTER_S * QUARTER_S
    if resolution != "PT15M":
        first_s = _period_start_s(first_s, resolution, zone)
    quarters_s = np.arange(first_s, to_s + _LONGEST_S, QUARTER_S).tolist()
    if resolution == "PT15M":
        starts_s = np.array(quarters_s)
    else:
        starts_s = np.unique([_period_start_s(moment_s, resolution, zone) for moment_s in quarters_s])
    last = int(np.searchsorted(starts_s, to_s, side="left"))
    return np.asarray(starts_s[: last + 1], dtype=np.float64)


def _period_start_s(moment_s: float, resolution: Literal["PT1H", "P1D"], zone: tzinfo) -> float:
    local = from_epoch_s(moment_s).astimezone(zone)
    if resolution == "PT1H":
        return epoch_s(local.replace(minute=0, second=0, microsecond=0))
    return epoch_s(datetime(local.year, local.month, local.day, tzinfo=zone))


def period_energies(quarters: QuarterEnergies, boundaries_s: FloatArray) -> PeriodEnergies:
    """The quarter-hours summed to the periods between boundaries, which the quarter-hours must fill exactly.

    A period's energy is that of its covered part, NaN where nothing of it is covered.
    """
    length_s = np.diff(boundaries_s)
    first = np.searchsorted(quarters.start_s, boundaries_s[:-1])
    covered_s = np.add.reduceat(quarters.covered_ratio, first) * QUARTER_S
    energy_wh = np.add.reduceat(np.nan_to_num(quarters.energy_wh), first)
    return PeriodEnergies(
        boundaries_s[:-1],
        length_s,
        np.where(covered_s > 0, energy_wh, np.nan),
        covered_s / length_s,
        np.add.reduceat(quarters.from_power_ratio, first) * QUARTER_S / length_s,
    )
