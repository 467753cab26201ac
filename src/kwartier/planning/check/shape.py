"""Whether a plan is about the request at all, and has every array that is to be checked, at its full length."""

from collections.abc import Collection, Sequence
from math import isfinite

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.result import Report
from kwartier.planning.check.tolerances import MOMENT, STEP_LENGTH
from kwartier.planning.plan import DevicePlan, Plan
from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase


def check_identity(facts: Facts, plan: Plan, report: Report) -> None:
    """Report a plan of another site or moment, or without an id."""
    request = facts.request
    if not plan.plan_id.strip():
        report.add("shape.plan_id", "plan_id", "the plan has no id")
    if plan.site_id != request.site.site_id:
        text = f"the plan is for site {plan.site_id!r}, the request for {request.site.site_id!r}"
        report.add("shape.site_id", "site_id", text, observed=plan.site_id, allowed=request.site.site_id)
    if plan.created_at != request.at:
        seen, allowed = plan.created_at.isoformat(), request.at.isoformat()
        text = f"the plan was made for {seen}, the request is of {allowed}"
        report.add("shape.created_at", "created_at", text, observed=seen, allowed=allowed)


def check_shape(facts: Facts, plan: Plan, report: Report) -> bool:
    """Report missing, surplus, short and non-finite arrays; whether the rest of the plan can be checked."""
    before = len(report.violations)
    _check_steps(facts, plan, report)
    if _same_names("shape.devices", "devices", plan.devices, facts.devices.names, report):
        for name, device in plan.devices.items():
            _check_device(facts, name, device, report)
    if _same_names("shape.collectors", "collectors", plan.collectors, set(facts.network.nodes), report):
        for name, collector in plan.collectors.items():
            path = f"collectors.{name}"
            _check_length(f"{path}.power_w", collector.power_w, facts, report)
            _check_arrays(
                f"{path}.current_a", collector.current_a, facts.network.nodes[name].phases, facts, report
            )
    _check_length("offtake_w", plan.offtake_w, facts, report)
    _check_length("injection_w", plan.injection_w, facts, report)
    _check_expected(facts, plan, report)
    return len(report.violations) == before


def _check_steps(facts: Facts, plan: Plan, report: Report) -> None:
    grid = facts.grid
    if len(plan.steps) != grid.step_count:
        text = f"the plan has {len(plan.steps)} steps, the horizon {grid.step_count}"
        report.add("shape.steps", "steps", text, observed=len(plan.steps), allowed=grid.step_count)
        return
    starts = np.array([step.start.timestamp() for step in plan.steps])
    hours = np.array([step.hours for step in plan.steps])
    report.equal_steps("shape.steps", "steps", "start of a step since 1970", starts, grid.start_s, MOMENT)
    report.equal_steps("shape.steps", "steps", "length of a step", hours, grid.hours, STEP_LENGTH)


def _same_names(rule: str, path: str, seen: Collection[str], wanted: Collection[str], report: Report) -> bool:
    missing, surplus = sorted(set(wanted) - set(seen)), sorted(set(seen) - set(wanted))
    if not missing and not surplus:
        return True
    text = f"{path}: missing {missing or 'none'}, not of this site {surplus or 'none'}"
    report.add(rule, path, text, observed=sorted(seen), allowed=sorted(wanted))
    return False


def _check_length(path: str, values: Sequence[object], facts: Facts, report: Report) -> None:
    wanted = facts.grid.step_count
    if len(values) != wanted:
        text = f"{path} has {len(values)} entries for {wanted} steps"
        report.add("shape.length", path, text, observed=len(values), allowed=wanted)
        return
    infinite = [step for step, value in enumerate(values) if isinstance(value, float) and not isfinite(value)]
    if infinite:
        text = f"{path} is no finite number in step {infinite[0]}"
        report.add("shape.finite", path, text, step=infinite[0])


def _check_arrays(
    path: str, arrays: dict[str, list[float]] | None, names: Sequence[str], facts: Facts, report: Report
) -> None:
    rule = "shape.pins" if set(names) <= {"pin1", "pin2", "pin3"} else "shape.phases"
    if _same_names(rule, path, arrays or {}, names, report):
        for name, values in (arrays or {}).items():
            _check_length(f"{path}.{name}", values, facts, report)


def _check_device(facts: Facts, name: str, device: DevicePlan, report: Report) -> None:
    path = f"devices.{name}"
    _check_length(f"{path}.power_w", device.power_w, facts, report)
    if name in facts.devices.poles:
        pole = facts.devices.poles[name]
        if isinstance(pole, ChargingPole3Phase):
            pins = pole.pin_to_phase_mapping.pin_list
            _check_arrays(f"{path}.current_a", device.current_a, pins, facts, report)
        _check_length(f"{path}.transaction_id", device.transaction_id or [], facts, report)
    elif name in facts.devices.batteries:
        _check_length(f"{path}.state_of_charge", device.state_of_charge or [], facts, report)
    else:
        phases = facts.network.nodes[facts.devices.series[name].collector].phases
        _check_arrays(f"{path}.power_w_per_phase", device.power_w_per_phase, phases, facts, report)


def _check_expected(facts: Facts, plan: Plan, report: Report) -> None:
    wanted = {session.transaction_id: session.pole for session in facts.expected_sessions}
    seen = [entry.transaction_id for entry in plan.expected_sessions]
    if not _same_names("shape.expected_sessions", "expected_sessions", seen, wanted, report):
        return
    if len(seen) > len(set(seen)):
        text = "an expected session is listed twice"
        report.add(
            "shape.expected_sessions", "expected_sessions", text, observed=seen, allowed=sorted(wanted)
        )
    for index, entry in enumerate(plan.expected_sessions):
        path = f"expected_sessions.{index}"
        _check_length(f"{path}.power_w", entry.power_w, facts, report)
        if entry.asset_id != (pole := wanted[entry.transaction_id]):
            text = f"expected session {entry.transaction_id} is at {pole}, the plan says {entry.asset_id}"
            report.add("shape.expected_sessions", path, text, observed=entry.asset_id, allowed=pole)
