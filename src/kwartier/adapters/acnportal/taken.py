"""What the cars have taken as far as acnportal tells: the running quarter-hour's energy and the month's highest one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kwartier.units.phase import PhaseName

QUARTER = timedelta(minutes=15)


def quarter_of(at: datetime) -> datetime:
    """The start of the quarter-hour that a moment lies in."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


@dataclass
class Taken:
    """Energy per phase of the running quarter-hour, Wh, and the highest quarter-hour of the month so far, W.

    acnportal tells of cars that still want something, so what others took in a period counts as what they were offered.
    """

    quarter: datetime | None = None
    quarter_wh: dict[PhaseName, float] = field(default_factory=dict)
    month_peak_w: dict[PhaseName, float] = field(default_factory=dict)

    def turn_to(self, at: datetime) -> None:
        """Close the quarter-hour when `at` lies in another; in another month begin the peaks anew."""
        quarter = quarter_of(at)
        if quarter == self.quarter:
            return
        for phase, energy_wh in self.quarter_wh.items():
            self.month_peak_w[phase] = max(self.month_peak_w.get(phase, 0.0), 4.0 * energy_wh)
        if self.quarter is not None and (quarter.year, quarter.month) != (
            self.quarter.year,
            self.quarter.month,
        ):
            self.month_peak_w = {}
        self.quarter, self.quarter_wh = quarter, {}

    def add(self, energies_wh: Mapping[PhaseName, float]) -> None:
        """Count energy in the running quarter-hour."""
        for phase, energy_wh in energies_wh.items():
            self.quarter_wh[phase] = self.quarter_wh.get(phase, 0.0) + energy_wh
