"""What is imperfect about a simulated site: meters that are noisy or silent, and orders that do not arrive."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

import numpy as np
import numpy.typing as npt

from kwartier.control.fallback_share import FallbackShare, fallback_share
from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.observation import Orders
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.site.devices import ChargingPole3Phase
from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Disturbance:
    """Nothing by default. The same seed disturbs the same moments of the same devices.

    `meter_noise_ratio` is the standard deviation of what the meter of a series says of a quarter-hour, relative to the
    truth; `meter_gap_ratio` how often it says nothing; `lost_order_ratio` how often a device does not hear what it is
    told for a step. A connection's own meter is the grid operator's: it neither errs nor stops.
    """

    meter_noise_ratio: float = 0.0
    meter_gap_ratio: float = 0.0
    lost_order_ratio: float = 0.0
    seed: int = 0

    @property
    def is_none(self) -> bool:
        """Whether nothing is disturbed."""
        return self.meter_noise_ratio == self.meter_gap_ratio == self.lost_order_ratio == 0.0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever reads a result must know of it; nothing where nothing is disturbed.

        >>> Disturbance(meter_noise_ratio=0.03, seed=7).warnings
        ('made imperfect (seed 7): meters err by 3 %, say nothing in 0 % of quarter-hours, 0 % of orders are lost',)
        """
        if self.is_none:
            return ()
        said = (
            f"meters err by {self.meter_noise_ratio * 100:g} %, say nothing in {self.meter_gap_ratio * 100:g} % of "
            f"quarter-hours, {self.lost_order_ratio * 100:g} % of orders are lost"
        )
        return (f"made imperfect (seed {self.seed}): {said}",)

    def measured(self, name: str, truth: PowerHistory, from_s: int) -> PowerHistory:
        """What the meter of a series says from a moment on, NaN where it is silent."""
        if self.meter_noise_ratio == 0.0 and self.meter_gap_ratio == 0.0:
            return truth
        first = max(0, (from_s - truth.first_s) // QUARTER_S)
        random, power_w = self.random(name), truth.power_w.copy()
        count = len(power_w) - first
        power_w[first:] *= 1.0 + self.meter_noise_ratio * random.standard_normal(count)
        power_w[first:][random.random(count) < self.meter_gap_ratio] = np.nan
        return PowerHistory(truth.first_s, power_w)

    def random(self, name: str) -> np.random.Generator:
        """The chance of one device, the same for the same seed."""
        return np.random.default_rng([self.seed, crc32(name.encode())])


UNDISTURBED = Disturbance()


@dataclass
class OrderLine:
    """The way from a controller to the devices of a site; `step_count` steps of it are drawn beforehand.

    A setpoint holds for five minutes (contract.md, section 5), which is a step: a device that misses one keeps to its
    last, one that misses more falls back, a pole to its share and a battery to rest. Nobody can cut what it takes then.
    """

    recorded: RecordedSite
    disturbance: Disturbance
    step_count: int
    _step: int = 0
    _missed_count: dict[str, int] = field(default_factory=dict)

    @cached_property
    def _share(self) -> FallbackShare:
        return fallback_share(self.recorded.configuration)

    @cached_property
    def _is_lost(self) -> dict[str, npt.NDArray[np.bool_]]:
        """Which steps each device that is told something does not hear."""
        names = [*self.recorded.pole_names, *(one.name for one in self.recorded.batteries)]
        ratio, random = self.disturbance.lost_order_ratio, self.disturbance.random
        return {name: random(name).random(self.step_count) < ratio for name in names}

    @cached_property
    def _fallback_a(self) -> dict[str, float]:
        poles = self.recorded.configuration.device_list
        return {
            one.name: self._share.pin_current_a(one) for one in poles if isinstance(one, ChargingPole3Phase)
        }

    def heard(self, orders: Orders, last: Orders) -> Orders:
        """The orders of the next step as the devices hear them; `last` is what they did in the one before."""
        if self.disturbance.lost_order_ratio == 0.0:
            return orders
        lost = [name for name, is_lost in self._is_lost.items() if is_lost[self._step]]
        self._step += 1
        self._missed_count = {name: self._missed_count.get(name, 0) + 1 for name in lost}
        current_a, power_w = dict(orders.current_a), dict(orders.power_w)
        for name in lost:
            if name in self._fallback_a:
                current_a[name] = self._kept(name, last.current_a, self._fallback_a[name])
            else:
                power_w[name] = self._kept(name, last.power_w, self._share.power_w_by_pole.get(name, 0.0))
        deaf = frozenset(lost)
        return replace(orders, current_a=current_a, power_w=power_w, deaf=deaf)

    def _kept(self, name: str, last: Mapping[str, float], fallback: float) -> float:
        return last.get(name, 0.0) if self._missed_count[name] == 1 else fallback
