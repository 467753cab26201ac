"""One measured quarter-hour of a connection, in total and, where that is measured, per phase."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kwartier.tariffs.meter.meter_series import MOST_MILLIWH
from kwartier.units.phase import PhaseName

NO_PHASES: Mapping[PhaseName, int] = MappingProxyType({})


@dataclass(frozen=True)
class LedgerQuarter:
    """Energies of the quarter-hour `quarter_index` (counted from 1970, UTC), whole mWh, at least 0.

    Only whole quarter-hours of one meter come in: `kwartier.tariffs.meter.meter_totals` leaves out those in which the
    meter was replaced or a register fell, so that neither makes a peak. Raises ValueError for a negative energy, or one
    that no connection of a distribution grid can take.
    """

    quarter_index: int
    offtake_milliwh: int
    injection_milliwh: int
    offtake_milliwh_by_phase: Mapping[PhaseName, int] = field(default_factory=lambda: NO_PHASES)
    injection_milliwh_by_phase: Mapping[PhaseName, int] = field(default_factory=lambda: NO_PHASES)

    def __post_init__(self) -> None:
        for energy_milliwh in (
            self.offtake_milliwh,
            self.injection_milliwh,
            *self.offtake_milliwh_by_phase.values(),
            *self.injection_milliwh_by_phase.values(),
        ):
            if not 0 <= energy_milliwh <= MOST_MILLIWH:
                raise ValueError(
                    f"{energy_milliwh} mWh in a quarter-hour: it lies between 0 and {MOST_MILLIWH}"
                )
