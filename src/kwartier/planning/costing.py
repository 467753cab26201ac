"""What a schedule costs, level by level, from its numbers as written."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.peaks import fixed_in_direction_w, quarter_factor
from kwartier.planning.network import POINTS_PER_ROOT, ROWS_PER_LINE
from kwartier.planning.peaks import PeakTerm
from kwartier.planning.plan import LimitViolation, Money, Objective
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import Schedule, unit_levels
from kwartier.units.quarter_hour import QUARTER_H

FloatArray = npt.NDArray[np.float64]

# An excess below this is rounding, not a violation (A or kW): a tenth of what the check tolerates.
VIOLATION_TOLERANCE = 1e-5
EUR_DECIMALS = 9


def root_power_w(problem: Problem, schedule: Schedule) -> FloatArray:
    """Net average power of each root, W, shape (R, n)."""
    points = problem.fixed.point_mean_w + schedule.point_w
    return np.asarray(points.reshape(len(problem.tree.roots), POINTS_PER_ROOT, -1).sum(axis=1))


def peak_kw(problem: Problem, term: PeakTerm, points_w: FloatArray) -> float:
    """Height of a term's peak above its floor, kW; `points_w` (P, n) is the controlled devices' power."""
    factor = quarter_factor(term, problem)
    controlled_w = term.sign * points_w[list(term.points)].sum(axis=0)
    in_direction_w = np.maximum(fixed_in_direction_w(term, problem) + controlled_w, 0.0) * factor
    in_direction_w[0] += term.so_far_wh / QUARTER_H
    highest_w = in_direction_w[factor > 0.0].max()
    return max(0.0, float(highest_w) - term.floor_w) / 1000.0


@dataclass(frozen=True)
class _EnergyMoney:
    """What energy costs, EUR: the contract's part, the grid's, and the levies."""

    contract_eur: float = 0.0
    grid_eur: float = 0.0
    levies_eur: float = 0.0


def _energy_money(problem: Problem, schedule: Schedule) -> _EnergyMoney:
    if not problem.has_energy_cost or problem.prices is None:
        return _EnergyMoney()
    net_mwh = root_power_w(problem, schedule) * problem.grid.hours_h / 1e6
    offtake_mwh = np.maximum(net_mwh, 0.0).sum(axis=0)
    injection_mwh = np.maximum(-net_mwh, 0.0).sum(axis=0)
    tariff = problem.energy_tariff
    grid_eur = float(
        offtake_mwh @ tariff.grid_offtake_eur_per_mwh + injection_mwh @ tariff.grid_injection_eur_per_mwh
    )
    levies_eur = float(offtake_mwh @ tariff.levies_eur_per_mwh)
    all_eur = float(
        offtake_mwh @ problem.prices.offtake_eur_per_mwh
        - injection_mwh @ problem.prices.injection_eur_per_mwh
    )
    return _EnergyMoney(all_eur - grid_eur - levies_eur, grid_eur, levies_eur)


def _terminal_value_eur(problem: Problem, schedule: Schedule, charged: FloatArray) -> float:
    extra_kwh = float(np.maximum(charged - problem.owed_wh, 0.0).sum()) / 1000.0
    stored_kwh = sum(
        battery.device.discharging_efficiency * float(schedule.stored_kwh[index, -1])
        for index, battery in enumerate(problem.batteries)
    )
    return -problem.median_offtake_eur_per_kwh * (extra_kwh + stored_kwh)


def money(problem: Problem, schedule: Schedule) -> Money:
    """The money of a schedule, EUR, term by term."""
    charged, points_w = schedule.charged_wh, schedule.point_w
    peaks = sum((term.price_eur_per_kw or 0.0) * peak_kw(problem, term, points_w) for term in problem.peaks)
    owed_ac_kwh = sum(
        min(taken_wh, session.owed_wh) / 1000.0
        for taken_wh, session in zip(charged.tolist(), problem.sessions, strict=True)
        if session.is_ac
    )
    costs = _energy_money(problem, schedule)
    energy = round(costs.contract_eur, EUR_DECIMALS) + 0.0
    grid = round(costs.grid_eur, EUR_DECIMALS) + 0.0
    levies = round(costs.levies_eur, EUR_DECIMALS) + 0.0
    peaks = round(peaks, EUR_DECIMALS) + 0.0
    revenue = round(-problem.revenue_eur_per_kwh * owed_ac_kwh, EUR_DECIMALS) + 0.0
    terminal_value = round(_terminal_value_eur(problem, schedule, charged), EUR_DECIMALS) + 0.0
    return Money(
        energy=energy,
        grid=grid,
        levies=levies,
        peaks=peaks,
        revenue=revenue,
        terminal_value=terminal_value,
        total=round(energy + grid + levies + peaks + revenue + terminal_value, EUR_DECIMALS) + 0.0,
    )


def line_magnitude_a(problem: Problem, first_index: int, controlled: FloatArray) -> FloatArray:
    """Largest magnitude of a three-wire line's current in each step, A, shape (n,).

    `first_index` is the line's first row; `controlled` (K, n) what the controlled devices bring to each row.
    """
    across = first_index + ROWS_PER_LINE // 2
    cells = problem.grid.step_of_cell_index
    along = problem.fixed.row_cells[first_index] + controlled[first_index, cells]
    sideways = problem.fixed.row_cells[across] + controlled[across, cells]
    return problem.grid.largest_of_cells(np.hypot(along, sideways))


@dataclass(frozen=True)
class _Side:
    """One side of a limited quantity per step: the value that counts against it, and its limit (positive)."""

    value: FloatArray
    limit: FloatArray
    sign: float


def _sides(problem: Problem, index: int, controlled: FloatArray) -> list[_Side]:
    row = problem.limits.rows[index]
    if row.is_line:
        return [
            _Side(line_magnitude_a(problem, index, controlled), problem.limits.upper[index] / row.scale, 1.0)
        ]
    high = problem.fixed.row_high[index] + controlled[index]
    low = problem.fixed.row_low[index] + controlled[index]
    return [_Side(high, problem.limits.upper[index], 1.0), _Side(-low, -problem.limits.lower[index], -1.0)]


def limit_violations(problem: Problem, schedule: Schedule) -> tuple[list[LimitViolation], float]:
    """Every limit that does not hold, with its size, and the sum of the excesses in Ah."""
    controlled = problem.row_per_level @ unit_levels(schedule)
    violations: list[LimitViolation] = []
    excess_ah = 0.0
    upper = problem.fixed.row_high + controlled - problem.limits.upper
    lower = problem.limits.lower - problem.fixed.row_low - controlled
    may_be_broken = np.any(np.maximum(upper, lower) > VIOLATION_TOLERANCE / 2.0, axis=1)
    first_of_quantity = {row.quantity: index for index, row in reversed(list(enumerate(problem.limits.rows)))}
    for index in sorted(first_of_quantity.values()):
        row = problem.limits.rows[index]
        if not (row.is_line or may_be_broken[index]):
            continue
        for side in _sides(problem, index, controlled):
            excess = side.value - side.limit
            broken = np.flatnonzero(excess > VIOLATION_TOLERANCE)
            excess_ah += float((excess[broken] * problem.grid.hours_h[broken]).sum()) * row.ah_per_unit_hour
            violations += [
                _violation(
                    row.board,
                    row.phase,
                    int(step),
                    side.sign * float(side.value[step]),
                    float(side.limit[step]),
                )
                for step in broken
            ]
    violations.sort(key=lambda violation: (violation.step, violation.collector, violation.phase or ""))
    return violations, excess_ah


def _violation(board: str, phase: str | None, step: int, value: float, limit: float) -> LimitViolation:
    if phase is None:
        return LimitViolation(
            collector=board, step=step, power_w=round(value * 1000.0, 6), limit_w=limit * 1000.0
        )
    return LimitViolation(collector=board, phase=phase, step=step, current_a=round(value, 6), limit_a=limit)


def policy_distance_wh(problem: Problem, schedule: Schedule) -> list[float]:
    """Distance of the stored energy to its band at each policy moment, Wh."""
    distances = []
    for moment in problem.policies:
        after = schedule.stored_kwh[moment.battery_index, moment.step]
        start = problem.batteries[moment.battery_index].stored_kwh
        before = schedule.stored_kwh[moment.battery_index, moment.step - 1] if moment.step > 0 else start
        stored = before + moment.fraction * (after - before)
        distances.append(max(0.0, moment.least_kwh - stored, stored - moment.most_kwh) * 1000.0)
    return distances


def shortages_wh(problem: Problem, taken_wh: FloatArray) -> FloatArray:
    """What each session lacks of what it is owed, Wh, shape (S,)."""
    return np.maximum(problem.owed_wh - taken_wh, 0.0)


def objective(problem: Problem, schedule: Schedule, money_eur: float, excess_ah: float) -> Objective:
    """What each level of the objective reached."""
    charged, points_w = schedule.charged_wh, schedule.point_w
    short = shortages_wh(problem, charged)
    real, minimum, owed = ~problem.is_expected, problem.minimum_wh, problem.owed_wh
    asked = real & (owed > 0.0)
    unpriced = sum(
        peak_kw(problem, term, points_w) for term in problem.peaks if term.price_eur_per_kw is None
    )
    return Objective.model_construct(
        excess_ah=round(excess_ah, 9),
        minimum_energy_wh=round(float(np.maximum(minimum - charged, 0.0)[real].sum()), 6),
        requested_energy_wh=round(float(short[real].sum()), 6),
        worst_shortage_ratio=round(float((short[asked] / owed[asked]).max(initial=0.0)), 9),
        expected_energy_wh=round(float(short[~real].sum()), 6),
        policies_wh=round(sum(policy_distance_wh(problem, schedule)), 6),
        unpriced_peak_kw=round(unpriced, 9),
        money_eur=money_eur,
    )
