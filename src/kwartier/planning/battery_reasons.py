"""Why each battery charges, discharges or rests, step by step, in words."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation
from kwartier.planning.held_back import TELLING_EUR, Holders
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SMALL = 1e-4


class _Way(NamedTuple):
    """One way of a battery, a list of steps each: its column, what full boards and peaks add to its cost (EUR per kW).

    `holds`: whether one of them holds it back. `worth_eur_per_mwh` is what a MWh at the terminals is worth stored,
    losses counted in: the battery buys below and sells above it.
    """

    verb: str
    most_kw: float
    column: list[int]
    limit_eur: list[float]
    peak_eur: list[float]
    holds: list[bool]
    worth_eur_per_mwh: list[float]


@dataclass(frozen=True)
class BatteryExplainer:
    """Turns what the batteries do in one solution into sentences.

    `eur_per_mwh` (U, n) is what a MWh costs each unit at the margin.
    """

    problem: Problem
    formulation: Formulation
    schedule: Schedule
    holders: Holders
    eur_per_mwh: FloatArray

    def sentences(self, index: int) -> list[str]:
        """One sentence per step."""
        battery, storage = self.problem.batteries[index], self.formulation.storage
        worth_eur = self.holders.marginals.storage_eur
        charging = self._way("charges", battery.charging_max_kw, storage.charge[index], worth_eur)
        discharging = self._way(
            "discharges", battery.discharging_max_kw, storage.discharge[index], -worth_eur
        )
        power_kw = (self.schedule.battery_w[index] / 1000.0).tolist()
        stored_kwh = self.schedule.stored_kwh[index].tolist()
        price = self.eur_per_mwh[len(self.problem.sessions) + index].tolist()
        full_kwh = battery.capacity_kwh - SMALL
        lines = []
        for step, power in enumerate(power_kw):
            if power > SMALL:
                lines.append(self._running(charging, step, power, price[step]))
            elif power < -SMALL:
                lines.append(self._running(discharging, step, -power, price[step]))
            elif stored_kwh[step] >= full_kwh:
                lines.append("rests: it is full")
            elif stored_kwh[step] <= SMALL:
                lines.append("rests: it is empty")
            else:
                lines.append(self._resting(charging, discharging, step, price[step]))
        return lines

    def _way(self, verb: str, most_kw: float, columns: IntArray, worth_eur: FloatArray) -> _Way:
        marginals = self.holders.marginals
        return _Way(
            verb,
            most_kw,
            columns.tolist(),
            marginals.limit_eur[columns].tolist(),
            marginals.peak_eur[columns].tolist(),
            self.holders.holds[columns].tolist(),
            (worth_eur[columns] / self.problem.grid.hours_h * 1000.0).tolist(),
        )

    def _running(self, way: _Way, step: int, power_kw: float, price_eur_per_mwh: float) -> str:
        does = f"{way.verb} at full power" if power_kw >= way.most_kw - SMALL else way.verb
        if way.limit_eur[step] < -TELLING_EUR:
            return f"{does}: it relieves a full board"
        if way.peak_eur[step] < -TELLING_EUR:
            return f"{does}: it keeps this month's peak down"
        if way.holds[step]:
            return self.holders.words(way.column[step], f"{way.verb} {power_kw:.3g} kW", "kW", step)
        if not self.problem.has_energy_cost:
            return does
        worth = way.worth_eur_per_mwh[step]
        return f"{does}: {price_eur_per_mwh:.0f} EUR/MWh now, {worth:.0f} in the battery"

    def _resting(self, charging: _Way, discharging: _Way, step: int, price_eur_per_mwh: float) -> str:
        if not self.problem.has_energy_cost:
            return "rests"
        buys_below = charging.worth_eur_per_mwh[step]
        if price_eur_per_mwh < buys_below and charging.holds[step]:
            return self.holders.words(charging.column[step], "rests", "kW", step)
        return (
            f"rests: {price_eur_per_mwh:.0f} EUR/MWh, charges below {buys_below:.0f} "
            f"and discharges above {discharging.worth_eur_per_mwh[step]:.0f}"
        )
