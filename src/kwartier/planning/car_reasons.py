"""Why each car charges or waits, step by step, in words."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kwartier.planning.diagnosis import local_time
from kwartier.planning.discrete import DiscreteResult
from kwartier.planning.formulation import Formulation
from kwartier.planning.held_back import Holders
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule
from kwartier.planning.sessions import Session
from kwartier.units.step_grid import EXECUTED_STEPS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
# Numbers of sessions and of steps, pair by pair.
Where = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]

SMALL = 1e-4
# A price difference that is worth a word, EUR/MWh.
TELLING_EUR_PER_MWH = 0.5
# What a car does in a step. Of the first ones all steps of a car have the same sentence.
AWAY, STOPPED, MET, FULL, SWITCHED_OFF, NO_LATER, HELD, ENOUGH, CHEAPER_LATER, LATER = range(10)
NEVER = -1


@dataclass(frozen=True)
class CarExplainer:
    """Turns what the cars do in one solution into sentences.

    `eur_per_mwh` (U, n) is what a MWh costs each unit at the margin.
    """

    problem: Problem
    formulation: Formulation
    found: DiscreteResult
    schedule: Schedule
    holders: Holders
    eur_per_mwh: FloatArray

    def sentences(self) -> list[list[str]]:
        """One sentence per session and step of its window, empty before and after it, shape (S, n)."""
        kinds = self._kinds
        if not self.problem.sessions:
            return []
        same = np.array([_sentences(session) for session in self.problem.sessions], dtype=object)
        lines: list[list[str]] = same[np.arange(len(kinds))[:, None], kinds].tolist()
        for kind, told_apart in (
            (HELD, self._held),
            (ENOUGH, self._enough),
            (CHEAPER_LATER, self._cheaper_later),
            (LATER, self._later),
        ):
            index, step = np.nonzero(kinds == kind)
            texts = told_apart((index, step))
            for one, at, text in zip(index.tolist(), step.tolist(), texts, strict=True):
                lines[one][at] = text
        return lines

    def _held(self, where: Where) -> list[str]:
        columns = self.formulation.sessions.level[where].tolist()
        levels, steps = self.schedule.level[where].tolist(), where[1].tolist()
        units = self._units(where)
        return [
            self.holders.words(
                column, f"held at {level:.3g} {unit}" if level > SMALL else "waits", unit, step
            )
            for column, level, unit, step in zip(columns, levels, units, steps, strict=True)
        ]

    def _enough(self, where: Where) -> list[str]:
        levels, units = self.schedule.level[where].tolist(), self._units(where)
        return [
            f"charges at {level:.3g} {unit}, what it needs" for level, unit in zip(levels, units, strict=True)
        ]

    def _cheaper_later(self, where: Where) -> list[str]:
        steps = self._cheapest[where].tolist()
        clock = self._clocks(steps)
        # More than half a euro is never minus zero, so that whole numbers are written alike.
        savings = np.rint(self._saving[where]).astype(np.int64).tolist()
        return [
            f"waits for {clock[step]}: {saving} EUR/MWh cheaper"
            for step, saving in zip(steps, savings, strict=True)
        ]

    def _later(self, where: Where) -> list[str]:
        steps = self._next_charge[where].tolist()
        clock = self._clocks(steps)
        cost = ": it costs the same" if self.problem.has_energy_cost else ""
        return [f"waits for {clock[step]}{cost}" for step in steps]

    def _units(self, where: Where) -> list[str]:
        unit = ["A" if session.is_ac else "kW" for session in self.problem.sessions]
        return [unit[index] for index in where[0].tolist()]

    def _clocks(self, steps: list[int]) -> dict[int, str]:
        """Local time of the start of some steps, with the day where it is not the first one."""
        start_s = self.problem.grid.start_s
        return {step: local_time(self.problem, float(start_s[step])) for step in set(steps)}

    @cached_property
    def _kinds(self) -> IntArray:
        """What each session does in each step, shape (S, n)."""
        problem, level, most = self.problem, self.schedule.level, self.problem.level_max
        taken_wh = self.schedule.session_w * problem.grid.hours_h
        before_wh = np.cumsum(taken_wh, axis=1) - taken_wh
        met_wh = problem.remaining_wh - 1.0
        kinds = np.where(self._saving > TELLING_EUR_PER_MWH, CHEAPER_LATER, LATER)
        kinds[self._next_charge == NEVER] = NO_LATER
        kinds[:, :EXECUTED_STEPS][self._switched_off] = SWITCHED_OFF
        kinds[level > SMALL] = ENOUGH
        kinds[self.holders.holds[self.formulation.sessions.level]] = HELD
        kinds[level >= most - SMALL] = FULL
        kinds[before_wh >= met_wh[:, None]] = MET
        kinds[most <= 0.0] = STOPPED
        kinds[problem.share <= 0.0] = AWAY
        return kinds

    @cached_property
    def _switched_off(self) -> BoolArray:
        """Where a car waits since less than 6 A would be left for it, shape (S, executed steps)."""
        on = self.found.choices.on
        if on is None or not self.found.rounded:
            return np.zeros((len(self.problem.sessions), EXECUTED_STEPS), dtype=bool)
        return np.asarray(self.problem.pilot_bound[:, None] & ~on)

    @cached_property
    def _charges(self) -> BoolArray:
        """Where each session charges, shape (S, n)."""
        return np.asarray((self.schedule.level > SMALL) & (self.problem.share > 0.0))

    @cached_property
    def _next_charge(self) -> IntArray:
        """The first step after each step in which a session charges, or NEVER, shape (S, n)."""
        return _first_after(self._charges)

    @cached_property
    def _cheapest(self) -> IntArray:
        """The cheapest step after each step in which a session charges, the first of equals, or NEVER, shape (S, n)."""
        price = np.where(self._charges, self._price, np.inf)
        least = np.minimum.accumulate(price[:, ::-1], axis=1)[:, ::-1]
        return _first_after(self._charges & (price <= least))

    @property
    def _price(self) -> FloatArray:
        return self.eur_per_mwh[: len(self.problem.sessions)]

    @cached_property
    def _saving(self) -> FloatArray:
        """By how much the cheapest later step is cheaper, EUR/MWh, shape (S, n); 0 where energy costs nothing."""
        if not self.problem.has_energy_cost:
            return np.zeros(self._price.shape)
        sessions = np.arange(len(self._price))[:, None]
        return self._price - self._price[sessions, self._cheapest]


def _sentences(session: Session) -> tuple[str, ...]:
    """What is said of a car that does each of the things, in the order of their numbers; empty where steps differ."""
    unit = "A" if session.is_ac else "kW"
    return (
        "",
        "the car has paused charging" if session.suspended else "the car cannot charge: less than 6 A",
        "its need is met",
        f"charges at its full {session.level_max:.3g} {unit}",
        "waits: less than the 6 A that a car needs would be left for it",
        "waits: charging can follow after this plan"
        if session.extra_wh > 0.0
        else "no room or time for more",
        *[""] * (LATER + 1 - HELD),
    )


def _first_after(where: BoolArray) -> IntArray:
    """The first marked step after each step, NEVER where none is; shape (S, n)."""
    steps = where.shape[1]
    first = np.minimum.accumulate(np.where(where, np.arange(steps), steps)[:, ::-1], axis=1)[:, ::-1]
    after = np.full(where.shape, NEVER)
    after[:, :-1] = first[:, 1:]
    after[after == steps] = NEVER
    return after
