"""Why each device does what it does, step by step, in words a site manager understands.

Every reason is read off the solution: a binding row with its dual, a bound that is reached, a price that is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.planning.diagnosis import local_time
from kwartier.planning.discrete import DiscreteResult
from kwartier.planning.formulation import Formulation
from kwartier.planning.marginals import NO_ROW, Marginals, RowNames, marginals, row_names
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.schedule import Schedule
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SMALL = 1e-4
# Parts of a marginal cost below this (EUR per A or kW and step) decide nothing that a cent would notice.
TELLING_EUR = 1e-6
# A price difference that is worth a word, EUR/MWh.
TELLING_EUR_PER_MWH = 0.5


@dataclass(frozen=True)
class Explainer:
    """Turns the solution of one problem into reasons."""

    problem: Problem
    formulation: Formulation
    found: DiscreteResult
    schedule: Schedule

    def reasons(self) -> dict[str, list[str]]:
        """One sentence per step for every pole with a car and every battery; empty where there is nothing to say."""
        steps = self.problem.grid.step_count
        texts: dict[str, list[str]] = {}
        for index, session in enumerate(self.problem.sessions):
            if not session.expected:
                lines = texts.setdefault(session.asset_id, [""] * steps)
                for step, text in self._session_reasons(index):
                    lines[step] = text
        for index, battery in enumerate(self.problem.batteries):
            texts[battery.device.name] = [self._battery_reason(index, step) for step in range(steps)]
        return texts

    @cached_property
    def _marginals(self) -> Marginals:
        return marginals(self.formulation, self.found.result.row_duals_eur)

    @cached_property
    def _names(self) -> RowNames:
        return row_names(self.formulation)

    @cached_property
    def _clock_by_step(self) -> dict[int, str]:
        return {}

    def _clock(self, step: int) -> str:
        """Local time of a step's start, with the day where it is not the first one."""
        if step not in self._clock_by_step:
            self._clock_by_step[step] = local_time(self.problem, float(self.problem.grid.start_s[step]))
        return self._clock_by_step[step]

    # Plain lists: a reason reads a few numbers out of each, which is ten times quicker than out of an array.
    @cached_property
    def _charged_before_wh(self) -> list[list[float]]:
        """Energy each session has taken since `at` when each step begins, Wh, shape (S, n)."""
        taken = self.schedule.session_w * self.problem.grid.hours_h
        return (np.cumsum(taken, axis=1) - taken).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _level(self) -> list[list[float]]:
        return self.schedule.level.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _column(self) -> list[list[int]]:
        return self.formulation.sessions.level.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _most(self) -> list[list[float]]:
        return self.problem.level_max.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _price(self) -> list[list[float]]:
        return self._eur_per_mwh.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _limit_eur(self) -> list[float]:
        return self._marginals.limit_eur.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _peak_eur(self) -> list[float]:
        return self._marginals.peak_eur.tolist()  # type: ignore[no-any-return]

    @cached_property
    def _eur_per_mwh(self) -> FloatArray:
        """What a MWh costs each unit in each step at the margin, EUR/MWh, shape (U, n); NaN where it cannot run.

        Where a root's direction is open, the dual of its exchange row says which of the two prices counts.
        """
        storage, sessions = self.formulation.storage, self.formulation.sessions
        hours = self.problem.grid.hours_h
        roots = len(self.problem.tree.roots)
        on_root = self.problem.point_w_per_level.reshape(roots, -1, len(self.problem.units)).sum(axis=1) > 0.0
        price = self.formulation.exchange.unit_cost_eur[np.argmax(on_root, axis=0)] / hours
        columns = np.vstack([sessions.level, storage.charge])
        kilowatts = self.problem.point_w_per_level.sum(axis=0)[:, None] / 1000.0 * self.problem.unit_share
        runs = (columns != NO_COLUMN) & (kilowatts > 0.0)
        correction = np.divide(
            self._marginals.exchange_eur[columns], kilowatts * hours, out=np.zeros_like(price), where=runs
        )
        return np.where(runs, (price + correction) * 1000.0, np.nan)

    def _session_reasons(self, index: int) -> Iterator[tuple[int, str]]:
        """Number and sentence of each step of the window, the last one first.

        On the way back stand the next step in which the car charges, and the cheapest of them with its EUR/MWh.
        """
        level, price = self._level[index], self._price[index]
        has_cost = self.problem.has_energy_cost
        next_charge: int | None = None
        cheapest: tuple[float, int] | None = None
        for step in reversed(np.flatnonzero(self.problem.share[index] > 0.0).tolist()):
            yield step, self._session_reason(index, step, next_charge, cheapest)
            if level[step] > SMALL:
                next_charge = step
                if has_cost and (cheapest is None or price[step] <= cheapest[0]):
                    cheapest = (price[step], step)

    def _session_reason(
        self, index: int, step: int, next_charge: int | None, cheapest: tuple[float, int] | None
    ) -> str:
        session = self.problem.sessions[index]
        level, most = self._level[index][step], self._most[index][step]
        if most <= 0.0:
            return (
                "the car has paused charging" if session.suspended else "the car cannot charge: less than 6 A"
            )
        if self._charged_before_wh[index][step] >= session.remaining_wh - 1.0:
            return "its need is met"
        unit = "A" if session.is_ac else "kW"
        if level >= most - SMALL:
            return f"charges at its full {most:.3g} {unit}"
        held = f"held at {level:.3g} {unit}" if level > SMALL else "waits"
        reason = self._held_back(self._column[index][step], held, unit, step)
        if reason is None and level > SMALL:
            reason = f"charges at {level:.3g} {unit}, what it needs"
        return reason or self._waiting(index, step, next_charge, cheapest)

    def _waiting(
        self, index: int, step: int, next_charge: int | None, cheapest: tuple[float, int] | None
    ) -> str:
        """Nothing stops the car but the 6 A rule: it waits for room or for a better price."""
        if self._switched_off(index, step):
            return "waits: less than the 6 A that a car needs would be left for it"
        if next_charge is None:
            later = self.problem.sessions[index].extra_wh > 0.0
            return "waits: charging can follow after this plan" if later else "no room or time for more"
        if cheapest is not None:
            saving = self._price[index][step] - cheapest[0]
            if saving > TELLING_EUR_PER_MWH:
                return f"waits for {self._clock(cheapest[1])}: {saving:.0f} EUR/MWh cheaper"
            return f"waits for {self._clock(next_charge)}: it costs the same"
        return f"waits for {self._clock(next_charge)}"

    def _held_back(self, column: int, held: str, unit: str, step: int) -> str | None:
        """The board or the peak that holds a device back, whichever weighs more; None where neither does."""
        limit_eur, peak_eur = self._limit_eur[column], self._peak_eur[column]
        if max(limit_eur, peak_eur) <= TELLING_EUR:
            return None
        if limit_eur >= peak_eur:
            place = self._place(int(self._marginals.limit_row[column]), step)
            return f"{held}: {place}; one {unit} more would be worth {limit_eur * 100.0:.3g} cent"
        return f"{held}: more would raise {self._peak(int(self._marginals.peak_row[column]))}"

    def _place(self, row_number: int, step: int) -> str:
        """The full board in words, with its limit."""
        if row_number == NO_ROW:
            return "several boards are nearly full"
        index = self._names.limit_index_by_row[row_number]
        row = self.problem.limits.rows[index]
        limit = (
            max(self.problem.limits.upper[index, step], -self.problem.limits.lower[index, step]) / row.scale
        )
        if row.phase is None:
            return f"{row.board} is at its power limit of {limit:.3g} kW"
        return f"{row.board}, phase {row.phase} is full ({limit:.3g} A)"

    def _peak(self, row_number: int) -> str:
        if row_number == NO_ROW:
            return "this month's peak"
        term = self.problem.peaks[self._names.peak_index_by_row[row_number]]
        if term.price_eur_per_kw is None:
            return term.words
        price = f"{term.price_eur_per_kw:.4g} EUR/kW"
        return f"{term.words} ({price}, {term.source})" if term.source else f"{term.words} ({price})"

    def _switched_off(self, index: int, step: int) -> bool:
        on = self.found.choices.on
        relevant = step < EXECUTED_STEPS and self.problem.pilot_bound[index] and on is not None
        return bool(relevant and self.found.rounded and not on[index, step])  # type: ignore[index]

    def _battery_reason(self, index: int, step: int) -> str:
        battery = self.problem.batteries[index]
        unit = len(self.problem.sessions) + index
        power_kw = float(self.schedule.battery_w[index, step]) / 1000.0
        storage = self.formulation.storage
        column = int((storage.charge if power_kw >= 0.0 else storage.discharge)[index, step])
        if abs(power_kw) <= SMALL:
            return self._resting(index, step)
        verb, most = (
            ("charges", battery.charging_max_kw)
            if power_kw > 0.0
            else ("discharges", battery.discharging_max_kw)
        )
        full = " at full power" if abs(power_kw) >= most - SMALL else ""
        helped = self._peak_eur[column] < -TELLING_EUR
        relieved = self._limit_eur[column] < -TELLING_EUR
        if relieved:
            return f"{verb}{full}: it relieves a full board"
        if helped:
            return f"{verb}{full}: it keeps this month's peak down"
        held = self._held_back(column, f"{verb} {abs(power_kw):.3g} kW", "kW", step)
        if held is not None:
            return held
        if not self.problem.has_energy_cost:
            return f"{verb}{full}"
        price = float(self._eur_per_mwh[unit, step])
        return f"{verb}{full}: {price:.0f} EUR/MWh now, {self._stored_worth(index, column, step):.0f} in the battery"

    def _stored_worth(self, index: int, column: int, step: int) -> float:
        """What a MWh at the battery's terminals is worth stored, EUR/MWh: losses of this direction counted in."""
        hours = float(self.problem.grid.hours_h[step])
        worth = float(self._marginals.storage_eur[column]) / hours * 1000.0
        charging = column == int(self.formulation.storage.charge[index, step])
        return worth if charging else -worth

    def _resting(self, index: int, step: int) -> str:
        battery = self.problem.batteries[index]
        stored_kwh = float(self.schedule.stored_kwh[index, step])
        if stored_kwh >= battery.capacity_kwh - SMALL:
            return "rests: it is full"
        if stored_kwh <= SMALL:
            return "rests: it is empty"
        if not self.problem.has_energy_cost:
            return "rests"
        storage = self.formulation.storage
        charge, discharge = int(storage.charge[index, step]), int(storage.discharge[index, step])
        price = float(self._eur_per_mwh[len(self.problem.sessions) + index, step])
        buys_below = self._stored_worth(index, charge, step)
        if price < buys_below and (held := self._held_back(charge, "rests", "kW", step)) is not None:
            return held
        sells_above = self._stored_worth(index, discharge, step)
        return f"rests: {price:.0f} EUR/MWh, charges below {buys_below:.0f} and discharges above {sells_above:.0f}"
