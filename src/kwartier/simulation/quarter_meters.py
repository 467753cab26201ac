"""The meters of a simulated period: energies per quarter-hour, month peaks, and lines above their limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kwartier.control.wiring import ControlSite
from kwartier.simulation.fuses import TOLERANCE_A
from kwartier.simulation.observation import QuarterEnergy
from kwartier.simulation.result import LimitBreach
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, from_epoch_s

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LineCurrents:
    """The current of each line, and what of it nobody controls, A, shape (lines,)."""

    current_a: FloatArray
    uncontrolled_a: FloatArray


@dataclass
class QuarterMeters:
    """Counts from `start_s` to `end_s`, epoch seconds; a month peak is that of the local month in `zone`."""

    control: ControlSite
    start_s: int
    end_s: int
    zone: ZoneInfo
    breaches: dict[tuple[int, int], LimitBreach] = field(default_factory=dict)
    _offtake_wh: dict[str, float] = field(default_factory=dict)
    _injection_wh: dict[str, float] = field(default_factory=dict)
    _peak_w: dict[str, float] = field(default_factory=dict)
    _peak_month: LocalMonth | None = None

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The connections."""
        return tuple(root.name for root in self.control.tree.roots)

    @cached_property
    def quarter_count(self) -> int:
        """How many quarter-hours the period has."""
        return (self.end_s - self.start_s) // QUARTER_S

    @cached_property
    def offtake_wh(self) -> dict[str, FloatArray]:
        """Offtake of each connection per quarter-hour, Wh."""
        return {root: np.zeros(self.quarter_count) for root in self.roots}

    @cached_property
    def injection_wh(self) -> dict[str, FloatArray]:
        """Injection of each connection per quarter-hour, Wh, positive."""
        return {root: np.zeros(self.quarter_count) for root in self.roots}

    @cached_property
    def device_wh(self) -> dict[str, FloatArray]:
        """Energy of each device per quarter-hour, Wh, positive when consumed."""
        return {one.name: np.zeros(self.quarter_count) for one in self.control.configuration.device_list}

    @cached_property
    def charge_percent(self) -> dict[str, FloatArray]:
        """State of charge of each battery at the end of each quarter-hour, percent."""
        batteries = [one.name for one in self.control.devices if one.kind == "battery"]
        return {name: np.zeros(self.quarter_count) for name in batteries}

    @cached_property
    def root_by_device(self) -> dict[str, str]:
        """The connection of each device."""
        boards = self.control.tree.boards
        return {one.name: boards[one.collector].root for one in self.control.configuration.device_list}

    @cached_property
    def _breached_a(self) -> FloatArray:
        """Above what each line is broken, A."""
        return self.control.limit_a + 10 * TOLERANCE_A

    def count(
        self,
        from_s: float,
        to_s: float,
        power_w: Mapping[str, float],
        lines: LineCurrents,
    ) -> None:
        """A step inside one quarter-hour: the mean power of each device and the current of each line in it."""
        hours, quarter = (to_s - from_s) / 3600, int(from_s - self.start_s) // QUARTER_S
        net_w = dict.fromkeys(self.roots, 0.0)
        for name, value_w in power_w.items():
            self.device_wh[name][quarter] += value_w * hours
            net_w[self.root_by_device[name]] += value_w
        for root, value_w in net_w.items():
            taken = self._offtake_wh if value_w >= 0.0 else self._injection_wh
            taken[root] = taken.get(root, 0.0) + abs(value_w) * hours
        is_above = lines.current_a > self._breached_a
        if is_above.any():
            for line in np.flatnonzero(is_above).tolist():
                self._breach(quarter, line, lines)

    def _breach(self, quarter: int, line: int, lines: LineCurrents) -> None:
        current_a = float(lines.current_a[line])
        before = self.breaches.get((quarter, line))
        if before is None or before.current_a < current_a:
            one = self.control.lines[line]
            self.breaches[quarter, line] = LimitBreach(
                at=from_epoch_s(self.start_s + quarter * QUARTER_S),
                board=one.board,
                phase=one.phase,
                current_a=current_a,
                limit_a=one.limit_a,
                is_avoidable=bool(lines.uncontrolled_a[line] <= one.limit_a),
            )

    def running_quarter(self) -> dict[str, QuarterEnergy]:
        """What the quarter-hour that runs has seen."""
        return {
            root: QuarterEnergy(self._offtake_wh.get(root, 0.0), self._injection_wh.get(root, 0.0))
            for root in self.roots
        }

    def close_quarter(self, quarter_index: int, charge_percent: Mapping[str, float]) -> None:
        """The quarter-hour is over."""
        month = LocalMonth.of_quarter(self.start_s // QUARTER_S + quarter_index, self.zone)
        if month != self._peak_month:
            self._peak_month, self._peak_w = month, {}
        for root in self.roots:
            offtake_wh = self._offtake_wh.pop(root, 0.0)
            self.offtake_wh[root][quarter_index] = offtake_wh
            self.injection_wh[root][quarter_index] = self._injection_wh.pop(root, 0.0)
            self._peak_w[root] = max(self._peak_w.get(root, 0.0), offtake_wh / QUARTER_H)
        for name, percent in charge_percent.items():
            self.charge_percent[name][quarter_index] = percent

    def month_peak_w(self, at_s: float) -> dict[str, float]:
        """The highest quarter-hour average so far in the local month of a moment, W, by connection."""
        if self._peak_month != LocalMonth.of_quarter(int(at_s) // QUARTER_S, self.zone):
            return dict.fromkeys(self.roots, 0.0)
        return {root: self._peak_w.get(root, 0.0) for root in self.roots}
