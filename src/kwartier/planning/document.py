"""From a schedule to the plan document."""

from dataclasses import dataclass, field
from functools import lru_cache
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
from kwartier.planning.diagnosis import diagnose
from kwartier.planning.network import POINTS_PER_ROOT
from kwartier.planning.outcome_warnings import outcome_warnings
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
from kwartier.planning.schedule import DECIMALS, Schedule, unit_levels
from kwartier.site.devices import BatteryEnergyStorageSystem, ChargingPole3Phase, DcChargingPole
from kwartier.units.phase import PHASES
from kwartier.units.quarter_hour import from_epoch_s

FloatArray = npt.NDArray[np.float64]

# Those of the longest horizon, and of what comes while a site is planned again and again (0.6 MB).
MOST_KNOWN_STEPS = 1000


@dataclass(frozen=True)
class PlanFacts:
    """What a plan document says beside the schedule: its id, how it was found, and what solving took."""

    plan_id: str
    status: Literal["optimal", "feasible", "fallback"]
    solve: SolveFacts
    warnings: tuple[str, ...] = ()
    reasons: dict[str, list[str]] = field(default_factory=dict)


def _numbers(values: FloatArray) -> list[float]:
    """Numbers as they are written: rounded, and never minus zero."""
    rounded: list[float] = (values.round(DECIMALS) + 0.0).tolist()
    return rounded


@dataclass(frozen=True)
class _Cars:
    """What each session does, a list of steps each: power (W), level, and its transaction's id in its window."""

    power_w: list[list[float]]
    level: list[list[float]]
    transaction_id: list[list[str | None]]


def _cars(problem: Problem, schedule: Schedule) -> _Cars:
    nobody = np.array(None, dtype=object)
    ids = np.array([session.transaction_id for session in problem.sessions], dtype=object)
    return _Cars(
        power_w=schedule.session_w.tolist(),
        level=schedule.level.tolist(),
        transaction_id=np.where(problem.share > 0.0, ids[:, None], nobody).tolist(),
    )


def _sum_of(rows: list[list[float]], steps: int) -> list[float]:
    """The sum of some rows in a list of its own."""
    if len(rows) > 1:
        summed: list[float] = np.sum(rows, axis=0).tolist()
        return summed
    return rows[0].copy() if rows else [0.0] * steps


def _owner(rows: list[list[str | None]], steps: int) -> list[str | None]:
    """Whose each step is, of which only one row says a name."""
    if len(rows) > 1:
        return [next(filter(None, names), None) for names in zip(*rows, strict=True)]
    return rows[0] if rows else [None] * steps


def _pole_plan(problem: Problem, cars: _Cars, device: ChargingPole3Phase | DcChargingPole) -> DevicePlan:
    """The plan of one pole: the sum over its sessions, of which each step has at most one."""
    steps = problem.grid.step_count
    indices = problem.session_indices_by_pole.get(device.name, ())
    current_a = None
    if isinstance(device, ChargingPole3Phase):
        current_a = {
            pin: _sum_of([cars.level[i] for i in indices if pin in problem.sessions[i].pins], steps)
            for pin in device.pin_to_phase_mapping.pin_list
        }
    return DevicePlan.model_construct(
        power_w=_sum_of([cars.power_w[i] for i in indices], steps),
        current_a=current_a,
        transaction_id=_owner([cars.transaction_id[i] for i in indices], steps),
    )


def _charging(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """The plans of all poles by name."""
    cars = _cars(problem, schedule)
    return {
        device.name: _pole_plan(problem, cars, device)
        for device in problem.configuration.device_list
        if isinstance(device, (ChargingPole3Phase, DcChargingPole))
    }


def _batteries(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """The plans of all batteries by name; one of unknown state rests and its state of charge stays unknown."""
    steps = problem.grid.step_count
    plans = {
        device.name: DevicePlan.model_construct(power_w=[0.0] * steps, state_of_charge=[None] * steps)
        for device in problem.configuration.device_list
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
        power_w = problem.grid.mean_of_cells(np.array(list(series.power_w_by_phase.values())))
        per_phase_w: list[list[float]] = (power_w.round(DECIMALS) + 0.0).tolist()
        plans[series.name] = DevicePlan.model_construct(
            power_w=_numbers(power_w.sum(axis=0)),
            power_w_per_phase=dict(zip(series.power_w_by_phase, per_phase_w, strict=True)),
        )
    return plans


def _device_plans(problem: Problem, schedule: Schedule) -> dict[str, DevicePlan]:
    """All devices in the order of the site document."""
    plans = _charging(problem, schedule) | _batteries(problem, schedule) | _series(problem)
    return {device.name: plans[device.name] for device in problem.configuration.device_list}


@dataclass
class _Flows:
    """Current at each root point (A, (P, n)) and power (W, (n,)) of every board: its own devices, then all below."""

    amps: dict[str, FloatArray]
    watts: dict[str, FloatArray]

    def add_units(self, problem: Problem, schedule: Schedule) -> None:
        """Add what is controlled: currents while charging, power on average."""
        levels = unit_levels(schedule)
        watts = np.vstack([schedule.session_w, schedule.battery_w])
        units_of: dict[str, list[int]] = {}
        for unit, (board, _) in enumerate(problem.units):
            units_of.setdefault(board, []).append(unit)
        for board, units in units_of.items():
            amps_per_level = np.zeros((len(self.amps[board]), len(units)))
            for place, unit in enumerate(units):
                for point, weight in problem.units[unit][1].items():
                    amps_per_level[point, place] = weight
            self.amps[board] += amps_per_level @ levels[units]
            self.watts[board] += watts[units].sum(axis=0)

    def add_series(self, problem: Problem) -> None:
        """Add what is fixed, the mean of each step."""
        offsets = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(problem.tree.roots)}
        for series in problem.fixed.series:
            for phase, watts in series.power_w_by_phase.items():
                mean = problem.grid.mean_of_cells(watts)
                point = offsets[series.board.root] + series.board.root_phase_index[phase]
                self.amps[series.board.name][point] += mean / series.board.voltage_v
                self.watts[series.board.name] += mean

    def climb(self, problem: Problem) -> None:
        """Add every board to its parent, children first."""
        for name in reversed(list(problem.tree.boards)):
            parent = problem.tree.boards[name].parent
            if parent is not None:
                self.amps[parent] += self.amps[name]
                self.watts[parent] += self.watts[name]


def _collector_plans(problem: Problem, schedule: Schedule) -> dict[str, CollectorPlan]:
    """Current per phase (all planned charging running, mean of the fixed load) and average power of every collector."""
    points, steps = POINTS_PER_ROOT * len(problem.tree.roots), problem.grid.step_count
    flows = _Flows(
        amps={name: np.zeros((points, steps)) for name in problem.tree.boards},
        watts={name: np.zeros(steps) for name in problem.tree.boards},
    )
    flows.add_units(problem, schedule)
    flows.add_series(problem)
    flows.climb(problem)
    return {
        name: CollectorPlan.model_construct(
            current_a=_phase_currents(problem, name, flows.amps[name]), power_w=_numbers(flows.watts[name])
        )
        for name in problem.tree.boards
    }


def _phase_currents(problem: Problem, name: str, amps: FloatArray) -> dict[str, list[float]]:
    """Signed current of each phase of a board; on a three-wire network the magnitude of each line's."""
    board = problem.tree.boards[name]
    offset = POINTS_PER_ROOT * [root.name for root in problem.tree.roots].index(board.root)
    if board.three_wire and board.single_phase:
        return {
            phase: _numbers(np.abs(amps[offset + index])) for phase, index in board.root_phase_index.items()
        }
    if not board.three_wire:
        return {phase: _numbers(amps[offset + index]) for phase, index in board.root_phase_index.items()}
    turn = np.exp(-1j * np.pi / 3.0)
    return {
        line: _numbers(np.abs(amps[offset + index] + turn * amps[offset + (index - 1) % len(PHASES)]))
        for line, index in board.root_line_index.items()
    }


def _steps(problem: Problem) -> list[Step]:
    return list(map(_step, problem.grid.start_s.tolist(), problem.grid.hours_h.tolist()))


@lru_cache(maxsize=MOST_KNOWN_STEPS)
def _step(start_s: float, hours: float) -> Step:
    """One step; a quarter-hour of the clock is the same one in the plans of all sites and of all moments before it."""
    return Step(start=from_epoch_s(start_s), hours=hours)


def _expected_session_plans(problem: Problem, schedule: Schedule) -> list[ExpectedSessionPlan]:
    return [
        ExpectedSessionPlan.model_construct(
            transaction_id=session.transaction_id,
            asset_id=session.asset_id,
            power_w=_numbers(schedule.session_w[index]),
        )
        for index, session in enumerate(problem.sessions)
        if session.expected
    ]


def _prices(problem: Problem) -> StepPrices | None:
    if problem.prices is None:
        return None
    return StepPrices.model_construct(
        offtake_eur_per_mwh=_numbers(problem.prices.offtake_eur_per_mwh),
        injection_eur_per_mwh=_numbers(problem.prices.injection_eur_per_mwh),
    )


def plan_document(problem: Problem, schedule: Schedule, reference: Schedule, facts: PlanFacts) -> Plan:
    """The plan document of a schedule, with its money, its shortages and its broken limits.

    `reference` is the uncontrolled schedule that savings are counted against.
    """
    spent = money(problem, schedule)
    violations, excess_ah = limit_violations(problem, schedule)
    short = shortages_wh(problem, schedule.charged_wh)
    net_w = root_power_w(problem, schedule)
    return Plan.model_construct(
        plan_id=facts.plan_id,
        site_id=problem.request.site.site_id,
        created_at=problem.request.at,
        status=facts.status,
        steps=_steps(problem),
        devices=_device_plans(problem, schedule),
        expected_sessions=_expected_session_plans(problem, schedule),
        collectors=_collector_plans(problem, schedule),
        offtake_w=_numbers(np.maximum(net_w, 0.0).sum(axis=0)),
        injection_w=_numbers(np.maximum(-net_w, 0.0).sum(axis=0)),
        prices=_prices(problem),
        money=spent,
        uncontrolled_money=money(problem, reference),
        unserved_wh={
            session.transaction_id: round(float(short[index]), DECIMALS) + 0.0
            for index, session in enumerate(problem.sessions)
            if not session.expected
        },
        limit_violations=violations,
        objective=objective(problem, schedule, spent.total, excess_ah),
        solve=facts.solve,
        warnings=[
            *problem.warnings,
            *diagnose(problem),
            *facts.warnings,
            *outcome_warnings(problem, schedule),
        ],
        reasons=facts.reasons,
    )
