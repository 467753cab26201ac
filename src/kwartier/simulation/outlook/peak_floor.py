"""Up to where a month's peak is taken as given: the peak that the month before would have needed, known afterwards.

A plan that sees two days and starts at zero defends every kW as if it were the month's last. What a month needs is
much like what the last one needed (closed_loop.md, point 5: the factor 1.0, never above).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kwartier.planning.problem import InvalidRequest
from kwartier.simulation.car import Car
from kwartier.simulation.observation import Observation
from kwartier.simulation.period import Period, closed
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.whole_period import hindsight
from kwartier.site.transaction import Transaction
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s

FloatArray = npt.NDArray[np.float64]

NOTHING: Mapping[str, float] = {}


@dataclass
class PeakFloor:
    """The floor of each connection, W. `given_w` where it is lent; else the last month's, or nothing."""

    recorded: RecordedSite
    given_w: Mapping[str, float] | None = None
    _month: LocalMonth | None = None
    _floor_w: Mapping[str, float] = field(default_factory=dict)

    def floor_w(self, seen: Observation) -> Mapping[str, float]:
        """The floor in the local month of the observation, made once a month."""
        if self.given_w is not None:
            return self.given_w
        month = LocalMonth.of_quarter(int(seen.at_s) // QUARTER_S, self.recorded.zone)
        if month != self._month:
            self._month, self._floor_w = month, self._of_month(seen, month.later(-1))
        return self._floor_w

    def _of_month(self, seen: Observation, month: LocalMonth) -> Mapping[str, float]:
        """The peaks of the least that a month could have cost; nothing where its history is not whole."""
        quarters = month.quarter_indices(self.recorded.zone)
        period = Period(from_epoch_s(quarters.start * QUARTER_S), from_epoch_s(quarters.stop * QUARTER_S))
        past = replace(
            self.recorded,
            series={name: seen.history_of(name) for name in self.recorded.series},
            cars=tuple(_car(one) for one in seen.past_cars()),
            price_days=tuple(seen.price_days),
        )
        if not all(_covers(history.first_s, history.power_w, period) for history in past.series.values()):
            return NOTHING
        try:
            return hindsight(closed(past, period), period).highest_offtake_w
        except (InvalidRequest, ValueError):
            return NOTHING


def _covers(first_s: int, power_w: FloatArray, period: Period) -> bool:
    first = (period.start_s - first_s) // QUARTER_S
    part = power_w[max(0, first) : (period.end_s - first_s) // QUARTER_S]
    whole = len(part) * QUARTER_S == period.end_s - period.start_s
    return bool(first >= 0 and whole and not np.isnan(part).any())


def _car(message: Transaction) -> Car:
    left: datetime = message.stop_time or message.timestamp
    return Car(
        transaction_id=message.transaction_id,
        asset_id=message.asset_id,
        arrival=message.start_time,
        departure=left,
        requested_wh=message.energy_charged or 0.0,
        largest_w=message.max_power or 0.0,
        phase_count=message.no_charging_phases or 3,
    )
