"""Batteries in the programme: charge, discharge and stored energy per step, and the policies' elastic bands."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.battery_energy_storage_system import Battery, PolicyMoment
from kwartier.planning.problem import Problem
from kwartier.planning.program import ProgramBuilder

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class StorageColumns:
    """Column numbers: charge and discharge (kW, AC side) and stored (kWh, at the end of the step), shape (B, n).

    `balance_row` are the rows that tie them; `one_way` (n,) says where a row bounds charge and discharge together.

    `under` and `over` (kWh below and above the band) and `least_under_kwh`, `least_over_kwh`, what no plan can avoid,
    have one entry per policy moment.
    """

    charge: IntArray
    discharge: IntArray
    stored: IntArray
    balance_row: IntArray
    one_way: BoolArray
    under: IntArray
    over: IntArray
    least_under_kwh: FloatArray
    least_over_kwh: FloatArray


def add_storage(
    builder: ProgramBuilder, problem: Problem, kept: StorageColumns | None = None
) -> StorageColumns:
    """Add every battery of known state, and the moments of their policies; rows that `kept` had stay."""
    steps = problem.grid.step_count
    shape = (len(problem.batteries), steps)
    charge, discharge, stored, balance_row = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    one_way = _wasting_may_pay(problem)
    if kept is not None:
        one_way |= kept.one_way
    for index, battery in enumerate(problem.batteries):
        charge[index] = builder.add_columns(steps, 0.0, battery.charging_max_kw)
        discharge[index] = builder.add_columns(steps, 0.0, battery.discharging_max_kw)
        stored[index] = builder.add_columns(steps, 0.0, battery.capacity_kwh)
        columns = (charge[index], discharge[index], stored[index])
        balance_row[index] = _add_balance_rows(builder, problem, battery, *columns)
        _add_one_way_rows(builder, battery, charge[index][one_way], discharge[index][one_way])
    least = np.array([least_distances_kwh(moment, problem) for moment in problem.policies]).reshape(-1, 2)
    under = builder.add_columns(len(problem.policies), least[:, 0], least[:, 0])
    over = builder.add_columns(len(problem.policies), least[:, 1], least[:, 1])
    for number, moment in enumerate(problem.policies):
        _add_policy_rows(
            builder, problem, moment, stored[moment.battery_index], int(under[number]), int(over[number])
        )
    return StorageColumns(
        charge, discharge, stored, balance_row, one_way, under, over, least[:, 0], least[:, 1]
    )


def _add_balance_rows(
    builder: ProgramBuilder,
    problem: Problem,
    battery: Battery,
    charge: IntArray,
    discharge: IntArray,
    stored: IntArray,
) -> IntArray:
    """stored = stored before + efficiency x charge x h - discharge x h / efficiency."""
    hours = problem.grid.hours_h
    before = np.zeros(len(hours))
    before[0] = battery.stored_kwh
    rows = builder.add_rows(len(hours), before, before)
    builder.add_entries(rows, stored, 1.0)
    builder.add_entries(rows[1:], stored[:-1], -1.0)
    builder.add_entries(rows, charge, -battery.device.charging_efficiency * hours)
    builder.add_entries(rows, discharge, hours / battery.device.discharging_efficiency)
    return rows


def _add_one_way_rows(
    builder: ProgramBuilder, battery: Battery, charge: IntArray, discharge: IntArray
) -> None:
    """charge / largest charge + discharge / largest discharge <= 1 where wasting energy could pay.

    One direction at a time is a choice the programme cannot make; this is the tightest linear bound on it. Wasting can
    pay where a price is negative, and where too much power flows to the grid.
    """
    rows = builder.add_rows(len(charge), -np.inf, 1.0)
    builder.add_entries(rows, charge, 1.0 / battery.charging_max_kw)
    builder.add_entries(rows, discharge, 1.0 / battery.discharging_max_kw)


def _wasting_may_pay(problem: Problem) -> BoolArray:
    """Where a price is negative, a site feeds in on its own, or a limit is broken, shape (n,)."""
    fixed = problem.fixed
    injecting = (fixed.point_low_w < 0.0).any(axis=0)
    broken = (fixed.row_high > problem.limits.upper).any(axis=0) | (fixed.row_low < problem.limits.lower).any(
        axis=0
    )
    if problem.prices is None or not problem.has_energy_cost:
        return np.asarray(injecting | broken)
    negative = (problem.prices.offtake_eur_per_mwh < 0.0) | (problem.prices.injection_eur_per_mwh < 0.0)
    return np.asarray(injecting | broken | negative)


def least_distances_kwh(moment: PolicyMoment, problem: Problem) -> tuple[float, float]:
    """By how much (kWh) the band is missed, below and above, even at full power from now on."""
    battery = problem.batteries[moment.battery_index]
    hours = (moment.moment_s - float(problem.grid.boundary_s[0])) / 3600.0
    gain_kwh = battery.charging_max_kw * battery.device.charging_efficiency * hours
    loss_kwh = battery.discharging_max_kw / battery.device.discharging_efficiency * hours
    highest = min(battery.capacity_kwh, battery.stored_kwh + gain_kwh)
    lowest = max(0.0, battery.stored_kwh - loss_kwh)
    return max(0.0, moment.least_kwh - highest), max(0.0, lowest - moment.most_kwh)


def _add_policy_rows(
    builder: ProgramBuilder, problem: Problem, moment: PolicyMoment, stored: IntArray, under: int, over: int
) -> None:
    """least - under <= stored energy at the moment <= most + over; linear inside the step."""
    before_kwh = (
        problem.batteries[moment.battery_index].stored_kwh * (1.0 - moment.fraction)
        if moment.step == 0
        else 0.0
    )
    low = builder.add_rows(1, moment.least_kwh - before_kwh, np.inf)
    high = builder.add_rows(1, -np.inf, moment.most_kwh - before_kwh)
    for row in (low, high):
        builder.add_entries(row, stored[moment.step : moment.step + 1], moment.fraction)
        if moment.step > 0 and moment.fraction < 1.0:
            builder.add_entries(row, stored[moment.step - 1 : moment.step], 1.0 - moment.fraction)
    builder.add_entries(low, np.array([under]), 1.0)
    builder.add_entries(high, np.array([over]), -1.0)
