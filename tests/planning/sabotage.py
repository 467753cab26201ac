"""Ways to break the planner's programme, one small fault at a time: each is a bug that somebody might write.

A sabotage of the *programme* changes the arrays that the solver sees; the request is understood rightly and the plan
document written rightly, so what is wrong is what the devices do. A sabotage of the *problem* changes what the
programme is built from, and the document with it: it says wrong things about what the devices do, too. A sabotage that
finds nothing to spoil gives back what it got.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.battery_energy_storage_system import Battery
from kwartier.planning.discrete import DiscreteSolver
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.network import POINTS_PER_ROOT, incidence
from kwartier.planning.problem import Problem
from kwartier.planning.program import Program
from kwartier.planning.sessions import Session
from kwartier.tariffs.contracts import PriceTable

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AT_BOUND = 1e-6
# kW for W, Wh for kWh: the scale of the most common mistake of units.
SCALE = 1000.0


@dataclass(frozen=True)
class Target:
    """A sound problem, its programme, and what the programme's answer makes of every row."""

    problem: Problem
    formulation: Formulation
    values: FloatArray

    @property
    def row_of_entry(self) -> IntArray:
        """The row of each entry of the matrix."""
        program = self.formulation.program
        return np.repeat(np.arange(program.rows), np.diff(program.row_start))

    def rows(self, *blocks: str) -> IntArray:
        """The rows of some blocks of the programme."""
        starts = self.formulation.first_row_by_block
        ends = dict(zip(starts, [*list(starts.values())[1:], self.formulation.program.rows], strict=True))
        return np.concatenate([np.arange(starts[block], ends[block]) for block in blocks])

    def binding(self, rows: IntArray) -> IntArray:
        """Those of some rows that the sound answer reaches the bound of."""
        program = self.formulation.program
        entries = program.value * self.values[program.column_index]
        activity = np.bincount(self.row_of_entry, weights=entries, minlength=program.rows)
        tight = (activity > program.row_upper - AT_BOUND) | (activity < program.row_lower + AT_BOUND)
        return rows[tight[rows]]

    def pick(self, random: Random, *blocks: str) -> IntArray:
        """A row of some blocks, a binding one nine times out of ten; none where the blocks have no rows."""
        rows = self.rows(*blocks)
        binding = self.binding(rows)
        candidates = binding if len(binding) and random.random() < 0.9 else rows
        return candidates[[random.randrange(len(candidates))]] if len(candidates) else candidates

    def family(self, random: Random) -> IntArray:
        """All rows of one direction of one board's limit, in every step."""
        numbers = self.formulation.limits.row_number.reshape(-1, self.problem.grid.step_count)
        used = np.flatnonzero((numbers >= 0).any(axis=1))
        if not len(used):
            return np.zeros(0, dtype=np.int64)
        rows: IntArray = numbers[random.choice(used.tolist())]
        return rows[rows >= 0]


def target_of(problem: Problem) -> Target | None:
    """A problem as a target; None where it has no answer that could be spoilt."""
    formulation = formulate(problem)
    found = DiscreteSolver(problem, formulation, problem.request.options.search_nodes).solve()
    return None if found is None else Target(problem, formulation, found.result.values)


# --- sabotage of the programme -----------------------------------------------------------------------------


def _without(program: Program, rows: IntArray) -> Program:
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[rows], upper[rows] = -np.inf, np.inf
    return replace(program, row_lower=lower, row_upper=upper)


def _scaled(target: Target, entries: IntArray, factor: float) -> Program:
    value = target.formulation.program.value.copy()
    value[entries] *= factor
    return replace(target.formulation.program, value=value)


def _entries(target: Target, rows: IntArray) -> IntArray:
    return np.flatnonzero(np.isin(target.row_of_entry, rows))


def _a_unit(target: Target, random: Random, rows: IntArray) -> IntArray:
    """The entries of one car or battery (all its steps) in some rows."""
    formulation = target.formulation
    units = [*formulation.sessions.level, *formulation.storage.charge, *formulation.storage.discharge]
    columns = random.choice(units) if units else np.zeros(0, dtype=np.int64)
    entries = _entries(target, rows)
    return entries[np.isin(formulation.program.column_index[entries], columns[columns >= 0])]


def drop_a_row(target: Target, random: Random) -> Program:
    return _without(target.formulation.program, target.pick(random, "need", "storage", "limit"))


def drop_a_limit(target: Target, random: Random) -> Program:
    return _without(target.formulation.program, target.family(random))


def drop_a_need(target: Target, random: Random) -> Program:
    return _without(target.formulation.program, target.pick(random, "need"))


def drop_a_balance(target: Target, random: Random) -> Program:
    return _without(target.formulation.program, target.pick(random, "storage"))


def flip_a_row(target: Target, random: Random) -> Program:
    return _scaled(target, _entries(target, target.pick(random, "need", "storage", "limit")), -1.0)


def flip_a_limit(target: Target, random: Random) -> Program:
    return _scaled(target, _entries(target, target.family(random)), -1.0)


def flip_a_unit(target: Target, random: Random) -> Program:
    return _scaled(target, _a_unit(target, random, target.rows("need", "storage", "limit")), -1.0)


def scale_a_row(target: Target, random: Random) -> Program:
    rows = target.pick(random, "need", "storage", "limit")
    return _scaled(target, _entries(target, rows), random.choice([SCALE, 1.0 / SCALE]))


def scale_a_limit(target: Target, random: Random) -> Program:
    return _scaled(target, _entries(target, target.family(random)), 1.0 / SCALE)


def scale_a_unit(target: Target, random: Random) -> Program:
    factor = random.choice([SCALE, 1.0 / SCALE])
    return _scaled(target, _a_unit(target, random, target.rows("need", "storage", "limit")), factor)


def scale_an_entry(target: Target, random: Random) -> Program:
    entries = _entries(target, target.pick(random, "need", "storage", "limit"))
    return _scaled(target, entries[: random.randrange(1, 3)], random.choice([SCALE, 1.0 / SCALE]))


def scale_the_bounds(target: Target, random: Random) -> Program:
    program = target.formulation.program
    rows = random.choice([target.family(random), target.pick(random, "need", "storage")])
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    lower[rows] *= SCALE
    upper[rows] *= SCALE
    return replace(program, row_lower=lower, row_upper=upper)


def forget_a_rating(target: Target, random: Random) -> Program:
    upper = target.formulation.program.column_upper.copy()
    storage = target.formulation.storage
    parts = [part for part in (storage.charge, storage.discharge, storage.stored) if part.size]
    if parts:
        upper[random.choice(parts)] *= SCALE
    return replace(target.formulation.program, column_upper=upper)


PROGRAMME: tuple[Callable[[Target, Random], Program], ...] = (
    drop_a_row,
    drop_a_limit,
    drop_a_need,
    drop_a_balance,
    flip_a_row,
    flip_a_limit,
    flip_a_unit,
    scale_a_row,
    scale_a_limit,
    scale_a_unit,
    scale_an_entry,
    scale_the_bounds,
    forget_a_rating,
)


# --- sabotage of the objective -----------------------------------------------------------------------------


def no_price(target: Target, _random: Random) -> Formulation:
    return replace(target.formulation, money_eur=np.zeros_like(target.formulation.money_eur))


def prices_upside_down(target: Target, _random: Random) -> Formulation:
    return replace(target.formulation, money_eur=-target.formulation.money_eur)


def prices_of_other_columns(target: Target, random: Random) -> Formulation:
    level = target.formulation.sessions.level
    money_eur = target.formulation.money_eur.copy()
    for columns in level:
        used = columns[columns >= 0]
        money_eur[used] = np.roll(money_eur[used], random.randrange(1, 20))
    return replace(target.formulation, money_eur=money_eur)


def no_shortage_counted(target: Target, _random: Random) -> Formulation:
    levels = tuple(
        replace(level, weights=np.zeros_like(level.weights)) if level.name == "requested" else level
        for level in target.formulation.levels
    )
    return replace(target.formulation, levels=levels)


OBJECTIVE: tuple[Callable[[Target, Random], Formulation], ...] = (
    no_price,
    prices_upside_down,
    prices_of_other_columns,
    no_shortage_counted,
)


# --- sabotage of the problem -------------------------------------------------------------------------------


def _each_session(problem: Problem, change: Callable[[Session], Session]) -> Problem:
    changed = tuple(change(session) for session in problem.sessions)
    return problem if changed == problem.sessions else replace(problem, sessions=changed)


def swap_two_phases(problem: Problem, random: Random) -> Problem:
    """Every controlled device hangs on one phase of its root where it should hang on another."""
    one, other = random.sample(range(POINTS_PER_ROOT), 2)
    swapped = np.arange(len(problem.point_w_per_level))
    swapped[one], swapped[other] = other, one
    boards = [board for board, _ in problem.units]
    amps = [{int(swapped[point]): a for point, a in unit.items()} for _, unit in problem.units]
    return replace(
        problem,
        units=tuple(zip(boards, amps, strict=True)),
        row_per_level=incidence(problem.limits, problem.tree, boards, amps),
        point_w_per_level=problem.point_w_per_level[swapped],
    )


def _each_battery(problem: Problem, change: Callable[[Battery], Battery]) -> Problem:
    changed = tuple(change(battery) for battery in problem.batteries)
    return problem if changed == problem.batteries else replace(problem, batteries=changed)


def _with_share(problem: Problem, share: FloatArray) -> Problem:
    return problem if np.array_equal(share, problem.share) else replace(problem, share=share)


def drop_the_efficiency(problem: Problem, _random: Random) -> Problem:
    lossless = {"charging_efficiency": 1.0, "discharging_efficiency": 1.0}
    return _each_battery(
        problem, lambda battery: replace(battery, device=battery.device.model_copy(update=lossless))
    )


def drop_the_windows(problem: Problem, _random: Random) -> Problem:
    return _with_share(problem, np.ones_like(problem.share))


def ignore_the_shares(problem: Problem, _random: Random) -> Problem:
    return _with_share(problem, (problem.share > 0.0).astype(np.float64))


def shift_the_windows(problem: Problem, _random: Random) -> Problem:
    return _with_share(problem, np.roll(problem.share, 1, axis=1))


def shift_the_prices(problem: Problem, _random: Random) -> Problem:
    prices = problem.prices
    if prices is None or np.ptp(prices.offtake_eur_per_mwh) == 0.0:
        return problem
    turned = PriceTable(np.roll(prices.offtake_eur_per_mwh, 1), np.roll(prices.injection_eur_per_mwh, 1))
    return replace(problem, prices=turned)


def _with_fixed(problem: Problem, factor: float) -> Problem:
    """The fixed load times 0 or -1."""
    fixed = problem.fixed
    if not fixed.series:
        return problem
    changed = replace(
        fixed,
        row_high=factor * fixed.row_low,
        row_low=factor * fixed.row_high,
        row_cells=factor * fixed.row_cells,
        line_magnitude_a=abs(factor) * fixed.line_magnitude_a,
        point_high_w=factor * fixed.point_low_w,
        point_low_w=factor * fixed.point_high_w,
        point_mean_w=factor * fixed.point_mean_w,
    )
    return replace(problem, fixed=changed)


def forget_the_fixed_load(problem: Problem, _random: Random) -> Problem:
    return _with_fixed(problem, 0.0)


def turn_the_fixed_load(problem: Problem, _random: Random) -> Problem:
    return _with_fixed(problem, -1.0)


def widen_the_limits(problem: Problem, _random: Random) -> Problem:
    limits = problem.limits
    return replace(problem, limits=replace(limits, lower=limits.lower * SCALE, upper=limits.upper * SCALE))


def scale_the_ratings(problem: Problem, _random: Random) -> Problem:
    return _each_session(problem, lambda session: session._replace(level_max=session.level_max * SCALE))


def scale_the_needs(problem: Problem, _random: Random) -> Problem:
    return _each_session(problem, lambda session: _asking(session, 1.0 / SCALE))


def ask_for_twice_as_much(problem: Problem, _random: Random) -> Problem:
    return _each_session(problem, lambda session: _asking(session, 2.0))


def _asking(session: Session, factor: float) -> Session:
    return session._replace(remaining_wh=factor * session.remaining_wh, owed_wh=factor * session.owed_wh)


def forget_a_suspension(problem: Problem, _random: Random) -> Problem:
    return _each_session(problem, lambda session: session._replace(suspended=False))


def allow_small_currents(problem: Problem, _random: Random) -> Problem:
    if not problem.pilot_bound.any():
        return problem
    changed = replace(problem)
    vars(changed)["pilot_bound"] = np.zeros(len(problem.sessions), dtype=bool)
    return changed


def forget_the_floor_of_peaks(problem: Problem, _random: Random) -> Problem:
    peaks = tuple(replace(term, floor_w=0.0, so_far_wh=0.0) for term in problem.peaks)
    return problem if peaks == problem.peaks else replace(problem, peaks=peaks)


def count_one_phase_for_all(problem: Problem, _random: Random) -> Problem:
    peaks = tuple(replace(term, points=term.points[:1]) for term in problem.peaks)
    return problem if peaks == problem.peaks else replace(problem, peaks=peaks)


def forget_the_grid_tariff(problem: Problem, _random: Random) -> Problem:
    tariff, prices = problem.energy_tariff, problem.prices
    if prices is None or not tariff.levies_eur_per_mwh.any():
        return problem
    contract = PriceTable(
        prices.offtake_eur_per_mwh - tariff.grid_offtake_eur_per_mwh - tariff.levies_eur_per_mwh,
        prices.injection_eur_per_mwh + tariff.grid_injection_eur_per_mwh,
    )
    return replace(problem, prices=contract, energy_tariff=tariff.of_energy(given=True))


def forget_the_policies(problem: Problem, _random: Random) -> Problem:
    return replace(problem, policies=()) if problem.policies else problem


def fill_the_batteries(problem: Problem, _random: Random) -> Problem:
    return _each_battery(problem, lambda battery: replace(battery, stored_kwh=battery.capacity_kwh))


def take_line_voltage(problem: Problem, _random: Random) -> Problem:
    factor = float(np.sqrt(3.0))
    return _each_session(
        problem, lambda session: session._replace(watts_per_level=session.watts_per_level * factor)
    )


PROBLEM: tuple[Callable[[Problem, Random], Problem], ...] = (
    swap_two_phases,
    drop_the_efficiency,
    drop_the_windows,
    ignore_the_shares,
    shift_the_windows,
    shift_the_prices,
    forget_the_fixed_load,
    turn_the_fixed_load,
    widen_the_limits,
    scale_the_ratings,
    scale_the_needs,
    ask_for_twice_as_much,
    forget_a_suspension,
    allow_small_currents,
    forget_the_floor_of_peaks,
    count_one_phase_for_all,
    forget_the_grid_tariff,
    forget_the_policies,
    fill_the_batteries,
    take_line_voltage,
)
