"""From a schedule to the plan document."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.planning.costing import (
    limit_violations,
    money,
    objective,
    root_power_w,
    shortages_wh,
)
from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.plan import (
    CollectorPlan,
    DevicePlan,
    ExpectedSessionPlan,
    Plan,
    SolveFacts,
    Step,
    StepPrices,
)
from kwartier.planning.problem import Problem
from kwartier.planning.schedule import DECIMALS, Schedule, charged_wh
from kwartier.planning.uncontrolled import uncontrolled
from kwartier.planning.outcome_warnings import outcome_warnings
from kwartier.site.devices import BatteryEnergyStorageSystem, ChargingPole3Phase, ForecastedSeries3Phase
from kwartier.units.phase import PHASES
from kwartier.units.quarter_hour import from_epoch_s

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlanFacts:
    """What a plan document says beside the schedule: its id, how it was found, and what solving took."""

    plan_id: str
    status: Literal["optimal", "feasible", "fallback"]
    solve: SolveFacts


def _numbers(values: FloatArray) -> list[float]:
    return [number + 0.0 for number in np.round(values, DECIMALS).tolist()]


def _charging(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """The plans of all poles by name."""
    steps = problem.grid.step_count
    configuration = problem.request.site.configurations.site_configuration
    power: dict[str, FloatArray] = {}
    current: dict[str, dict[str, FloatArray]] = {}
    owner: dict[str, list[str | None]] = {}
    for device in configuration.device_list if configuration else ():
        if isinstance(device, ChargingPole3Phase):
            current[device.name] = {pin: np.zeros(steps) for pin in device.pin_to_phase_mapping.pin_list}
        elif isinstance(device, (BatteryEnergyStorageSystem, ForecastedSeries3Phase)):
            continue
        power[device.name] = np.zeros(steps)
        owner[device.name] = [None] * steps
    for index, session in enumerate(problem.sessions):
        if session.expected:
            continue
        power[session.asset_id] += schedule.session_w[index]
        for pin in session.pins:
            current[session.asset_id][pin] += schedule.level[index]
        for step in np.flatnonzero(problem.share[index] > 0.0).tolist():
            owner[session.asset_id][step] = session.transaction_id
    return {
        name: DevicePlan.model_construct(
            power_w=_numbers(watts),
            current_a={pin: _numbers(amps) for pin, amps in current[name].items()} if name in current else None,
            transaction_id=owner[name],
        )
        for name, watts in power.items()
    }


def _batteries(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """The plans of all batteries by name; one of unknown state rests and its state of charge stays unknown."""
    steps = problem.grid.step_count
    configuration = problem.request.site.configurations.site_configuration
    plans = {
        device.name: DevicePlan.model_construct(power_w=[0.0] * steps, state_of_charge=[None] * steps)
        for device in (configuration.device_list if configuration else ())
        if isinstance(device, BatteryEnergyStorageSystem)
    }
    for index, battery in enumerate(problem.batteries):
        percent = np.round(schedule.stored_kwh[index] / battery.capacity_kwh * 100.0, 9) + 0.0
        plans[battery.device.name] = DevicePlan.model_construct(
            power_w=_numbers(schedule.battery_w[index]), state_of_charge=percent.tolist()
        )
    return plans


def _series(problem: Problem) -> dict[str, DevicePlan]:
    plans = {}
    for series in problem.fixed.series:
        per_phase = {name: problem.grid.mean_of_cells(power) for name, power in series.power_w_by_phase.items()}
        plans[series.name] = DevicePlan.model_construct(
            power_w=_numbers(np.sum(list(per_phase.values()), axis=0)),
            power_w_per_phase={name: _numbers(power) for name, power in per_phase.items()},
        )
    return plans


def _device_plans(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """All devices in the order of the site document."""
    plans = _charging(problem, schedule) | _batteries(problem, schedule) | _series(problem)
    configuration = problem.request.site.configurations.site_configuration
    return {device.name: plans[device.name] for device in (configuration.device_list if configuration else ())}


def _unit_points(problem: Problem, schedule: Schedule) -> tuple[FloatArray, FloatArray]:
    """Amperes while charging and average W of each controlled unit at each point: (U, P, n) would be large, so by unit."""
    levels = np.vstack([schedule.level, schedule.battery_w / 1000.0])
    watts = np.vstack([schedule.session_w, schedule.battery_w])
    return levels, watts


def _collector_plans(problem: Problem, schedule: Schedule) -> dict[str, CollectorPlan]:
    """Current per phase (all planned charging running, mean of the fixed load) and average power of every collector."""
    configuration = problem.request.site.configurations.site_configuration
    devices = {device.name: device for device in (configuration.device_list if configuration else ())}
    points = POINTS_PER_ROOT * len(problem.tree.roots)
    steps = problem.grid.step_count
    amps = {name: np.zeros((points, steps)) for name in problem.tree.boards}
    power = {name: np.zeros(steps) for name in problem.tree.boards}
    levels, watts = _unit_points(problem, schedule)
    by_unit = [session.amps_per_level_by_point for session in problem.sessions]
    by_unit += [battery.amps_per_kw_by_point for battery in problem.batteries]
    boards = [devices[session.asset_id].collector for session in problem.sessions]
    boards += [battery.device.collector for battery in problem.batteries]
    for unit, (contributions, board) in enumerate(zip(by_unit, boards, strict=True)):
        power[board] += watts[unit]
        for point, weight in contributions.items():
            amps[board][point] += weight * levels[unit]
    offsets = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(problem.tree.roots)}
    for series in problem.fixed.series:
        for phase, watt in series.power_w_by_phase.items():
            mean = problem.grid.mean_of_cells(watt)
            point = offsets[series.board.root] + series.board.root_phase_index[phase]
            amps[series.board.name][point] += mean / series.board.voltage_v
            power[series.board.name] += mean
    for name in reversed(list(problem.tree.boards)):
        parent = problem.tree.boards[name].parent
        if parent is not None:
            amps[parent] += amps[name]
            power[parent] += power[name]
    return {
        name: CollectorPlan.model_construct(
            current_a=_phase_currents(problem, name, amps[name]), power_w=_numbers(power[name])
        )
        for name in problem.tree.boards
    }


def _phase_currents(problem: Problem, name: str, amps: FloatArray) -> dict[str, list[float]]:
    """Signed current of each phase of a board; on a three-wire network the magnitude of each line's."""
    board = problem.tree.boards[name]
    offset = POINTS_PER_ROOT * [root.name for root in problem.tree.roots].index(board.root)
    if board.three_wire and board.single_phase:
        return {phase: _numbers(np.abs(amps[offset + index])) for phase, index in board.root_phase_index.items()}
    if not board.three_wire:
        return {phase: _numbers(amps[offset + index]) for phase, index in board.root_phase_index.items()}
    turn = np.exp(-1j * np.pi / 3.0)
    return {
        line: _numbers(np.abs(amps[offset + index] + turn * amps[offset + (index - 1) % len(PHASES)]))
        for line, index in board.root_line_index.items()
    }


def plan_document(problem: Problem, schedule: Schedule, facts: PlanFacts) -> Plan:
    """The plan document of a schedule, with its money, its shortages and its broken limits."""
    spent = money(problem, schedule)
    violations, excess_ah = limit_violations(problem, schedule)
    short = shortages_wh(problem, charged_wh(problem, schedule))
    net_w = root_power_w(problem, schedule)
    starts = [from_epoch_s(moment) for moment in problem.grid.start_s.tolist()]
    return Plan.model_construct(
        plan_id=facts.plan_id,
        site_id=problem.request.site.site_id,
        created_at=problem.request.at,
        status=facts.status,
        steps=[
            Step.model_construct(start=start, hours=hours)
            for start, hours in zip(starts, problem.grid.hours_h.tolist(), strict=True)
        ],
        devices=_device_plans(problem, schedule),
        expected_sessions=[
            ExpectedSessionPlan.model_construct(
                transaction_id=session.transaction_id,
                asset_id=session.asset_id,
                power_w=_numbers(schedule.session_w[index]),
            )
            for index, session in enumerate(problem.sessions)
            if session.expected
        ],
        collectors=_collector_plans(problem, schedule),
        offtake_w=_numbers(np.maximum(net_w, 0.0).sum(axis=0)),
        injection_w=_numbers(np.maximum(-net_w, 0.0).sum(axis=0)),
        prices=None
        if problem.prices is None
        else StepPrices.model_construct(
            offtake_eur_per_mwh=_numbers(problem.prices.offtake_eur_per_mwh),
            injection_eur_per_mwh=_numbers(problem.prices.injection_eur_per_mwh),
        ),
        money=spent,
        uncontrolled_money=money(problem, uncontrolled(problem)),
        unserved_wh={
            session.transaction_id: round(float(short[index]), DECIMALS) + 0.0
            for index, session in enumerate(problem.sessions)
            if not session.expected
        },
        limit_violations=violations,
        objective=objective(problem, schedule, spent.total, excess_ah),
        solve=facts.solve,
        warnings=[*problem.warnings, *outcome_warnings(problem, schedule)],
        reasons={},
    )
