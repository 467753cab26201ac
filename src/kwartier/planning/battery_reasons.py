"""Why each battery charges, discharges or rests, step by step, in words."""

from dataclasses import dataclass
from itertools import count, starmap
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import Formulation
from kwartier.planning.held_back import TELLING_EUR, Holders
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule

FloatArray = npt.NDArray[np.float64]

SMALL = 1e-4


class _Step(NamedTuple):
    """One step of a battery: its power, what it then holds, its columns in the programme, prices at its terminals.

    It buys below and sells above what a MWh at the terminals is worth stored, losses counted in.
    """

    number: int
    power_kw: float
    stored_kwh: float
    charge_column: int
    discharge_column: int
    price_eur_per_mwh: float
    buys_below_eur_per_mwh: float
    sells_above_eur_per_mwh: float


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
        storage, hours = self.formulation.storage, self.problem.grid.hours_h
        worth_eur = self.holders.marginals.storage_eur
        charge, discharge = storage.charge[index], storage.discharge[index]
        columns = (
            self.schedule.battery_w[index] / 1000.0,
            self.schedule.stored_kwh[index],
            charge,
            discharge,
            self.eur_per_mwh[len(self.problem.sessions) + index],
            worth_eur[charge] / hours * 1000.0,
            -(worth_eur[discharge] / hours * 1000.0),
        )
        steps = zip(count(), *(column.tolist() for column in columns), strict=False)
        return [self._sentence(index, step) for step in starmap(_Step, steps)]

    def _sentence(self, index: int, step: _Step) -> str:
        if abs(step.power_kw) <= SMALL:
            return self._resting(index, step)
        battery = self.problem.batteries[index]
        charges = step.power_kw > 0.0
        verb, most_kw, column, worth_eur_per_mwh = (
            ("charges", battery.charging_max_kw, step.charge_column, step.buys_below_eur_per_mwh)
            if charges
            else (
                "discharges",
                battery.discharging_max_kw,
                step.discharge_column,
                step.sells_above_eur_per_mwh,
            )
        )
        full = " at full power" if abs(step.power_kw) >= most_kw - SMALL else ""
        if self.holders.limit_eur[column] < -TELLING_EUR:
            return f"{verb}{full}: it relieves a full board"
        if self.holders.peak_eur[column] < -TELLING_EUR:
            return f"{verb}{full}: it keeps this month's peak down"
        if self.holders.holds[column]:
            return self.holders.words(column, f"{verb} {abs(step.power_kw):.3g} kW", "kW", step.number)
        if not self.problem.has_energy_cost:
            return f"{verb}{full}"
        return (
            f"{verb}{full}: {step.price_eur_per_mwh:.0f} EUR/MWh now, {worth_eur_per_mwh:.0f} in the battery"
        )

    def _resting(self, index: int, step: _Step) -> str:
        if step.stored_kwh >= self.problem.batteries[index].capacity_kwh - SMALL:
            return "rests: it is full"
        if step.stored_kwh <= SMALL:
            return "rests: it is empty"
        if not self.problem.has_energy_cost:
            return "rests"
        if step.price_eur_per_mwh < step.buys_below_eur_per_mwh and self.holders.holds[step.charge_column]:
            return self.holders.words(step.charge_column, "rests", "kW", step.number)
        return (
            f"rests: {step.price_eur_per_mwh:.0f} EUR/MWh, charges below {step.buys_below_eur_per_mwh:.0f} "
            f"and discharges above {step.sells_above_eur_per_mwh:.0f}"
        )
