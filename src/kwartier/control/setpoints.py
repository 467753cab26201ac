"""The setpoints of a site at a moment: what its plan says now and next, or the floor where no plan is in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.control.fallback_share import FallbackShare, fallback_share
from kwartier.control.setpoint import Rung, Setpoint
from kwartier.planning.plan import Plan
from kwartier.site.devices import BatteryEnergyStorageSystem, ChargingPole3Phase, DcChargingPole
from kwartier.site.document import SiteConfiguration

# Decided (contract.md, section 5): a lost service returns each device to its fallback so soon.
VALID_FOR = timedelta(minutes=5)

NO_PLAN = "no plan is in force: the largest equal share that fits everywhere"

Controlled = ChargingPole3Phase | DcChargingPole | BatteryEnergyStorageSystem


@dataclass(frozen=True)
class SiteSetpoints:
    """The setpoints, per device in the order of time, and what a reader has to know about them."""

    setpoints: tuple[Setpoint, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Window:
    """A stretch of time in which one step of a plan holds; step None: none does."""

    start: datetime
    end: datetime
    step: int | None


def site_setpoints(
    configuration: SiteConfiguration, plan: Plan | None, at: datetime, *, without_plan: str = NO_PLAN
) -> SiteSetpoints:
    """What each pole and battery is told from `at` on, for at most five minutes.

    `plan` is the newest one that was checked, whatever its time; None where there is none. Where its steps have run
    out, or where it does not know a device, that device is on the floor, `without_plan` the reason.
    """
    share = fallback_share(configuration)
    made = [
        _setpoint(device, plan, window, share, without_plan)
        for device in configuration.device_list
        if isinstance(device, ChargingPole3Phase | DcChargingPole | BatteryEnergyStorageSystem)
        for window in _windows(plan, at)
    ]
    warnings = tuple(
        f"{name}: with the uncontrollable load at its rating even 0 A of charging cannot be proven to fit"
        for name in share.unproven_boards
    )
    return SiteSetpoints(tuple(made), warnings)


def _windows(plan: Plan | None, at: datetime) -> list[_Window]:
    """The next five minutes, cut where a step of the plan ends."""
    ends_at = at + VALID_FOR
    found = list(_planned_windows(plan, at, ends_at)) if plan is not None else []
    covered_until = found[-1].end if found else at
    return found if covered_until >= ends_at else [*found, _Window(covered_until, ends_at, None)]


def _planned_windows(plan: Plan, at: datetime, ends_at: datetime) -> Iterator[_Window]:
    if at < plan.created_at:
        return
    for number, step in enumerate(plan.steps):
        step_end = step.start + timedelta(hours=step.hours)
        if step_end > at and step.start < ends_at:
            yield _Window(max(at, step.start), min(ends_at, step_end), number)


def _setpoint(
    device: Controlled, plan: Plan | None, window: _Window, share: FallbackShare, without_plan: str
) -> Setpoint:
    fallback = _fallback(device, share)
    planned = None if plan is None or window.step is None else _planned(device, plan, window.step)
    if plan is None or planned is None:
        floor = {"max_current": fallback.get("fallback_current"), "power": fallback.get("fallback_power")}
        return _made(device, None, window, "floor", without_plan, floor | fallback)
    rung: Rung = "optimal" if plan.status == "optimal" else "feasible"
    return _made(
        device, plan.plan_id, window, rung, _reason(device, plan, window.step or 0), planned | fallback
    )


def _made(
    device: Controlled,
    plan_id: str | None,
    window: _Window,
    rung: Rung,
    reason: str,
    values: dict[str, float | None],
) -> Setpoint:
    return Setpoint(
        asset_id=device.name,
        plan_id=plan_id,
        valid_from=window.start,
        valid_until=window.end,
        rung=rung,
        reason=reason,
        **values,
    )


def _planned(device: Controlled, plan: Plan, step: int) -> dict[str, float | None] | None:
    """What the plan says of a device in a step; None where it knows none of that name and kind."""
    planned = plan.devices.get(device.name)
    if planned is None:
        return None
    if isinstance(device, ChargingPole3Phase):
        if planned.current_a is None:
            return None
        return {"max_current": max((currents[step] for currents in planned.current_a.values()), default=0.0)}
    return {"power": planned.power_w[step]}


def _fallback(device: Controlled, share: FallbackShare) -> dict[str, float | None]:
    if isinstance(device, ChargingPole3Phase):
        return {"fallback_current": share.pin_current_a(device)}
    if isinstance(device, DcChargingPole):
        return {"fallback_power": share.power_w_by_pole[device.name]}
    return {"fallback_power": 0.0}


def _reason(device: Controlled, plan: Plan, step: int) -> str:
    said = dict(enumerate(plan.reasons.get(device.name, [])))
    return said.get(step) or f"as planned ({plan.status})"
