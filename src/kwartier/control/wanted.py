"""What a rung of the ladder wants for each device, before any limit is looked at."""

from dataclasses import dataclass

from kwartier.control.facts import PlanInForce, TickFacts
from kwartier.control.ladder import PLAN_RUNGS, Standing, step_index
from kwartier.control.rows import usable_meter
from kwartier.control.setpoint import Rung
from kwartier.control.wiring import ControlledDevice, ControlSite

STALE_METER = "no fresh reading of the meter of {board}: the fallback, which fits without one"


@dataclass(frozen=True)
class Wanted:
    """What a device should get, A per pin (negative discharges), on which rung, why, and by which plan."""

    current_a: float
    rung: Rung
    reason: str
    plan_id: str | None = None


def wanted(site: ControlSite, facts: TickFacts, stands: Standing) -> tuple[Wanted, ...]:
    """What every device should get, in the order of the site."""
    return tuple(_wanted(site, facts, stands, device) for device in site.devices)


def _wanted(site: ControlSite, facts: TickFacts, stands: Standing, device: ControlledDevice) -> Wanted:
    if stands.rung == "stop":
        return Wanted(0.0, "stop", stands.reason)
    stale = _stale_meter(site, facts, device)
    if stale is not None:
        return Wanted(device.fallback_a, "floor", STALE_METER.format(board=stale))
    if stands.rung in PLAN_RUNGS and facts.plan is not None:
        return _planned(device, facts.plan, facts, stands)
    if stands.rung == "share":
        return Wanted(_most_a(device, facts), "share", stands.reason)
    return Wanted(device.fallback_a, "floor", stands.reason)


def _stale_meter(site: ControlSite, facts: TickFacts, device: ControlledDevice) -> str | None:
    """The lowest collector above a device that had a meter and hears nothing of it any more."""
    for board in site.tree.path_to_root(device.board):
        if board.name in facts.meters and usable_meter(facts, board.name) is None:
            return board.name
    return None


def _planned(device: ControlledDevice, in_force: PlanInForce, facts: TickFacts, stands: Standing) -> Wanted:
    step, plan = step_index(in_force, facts.at), in_force.plan
    planned = plan.devices.get(device.name)
    if step is None or planned is None or (device.kind == "ac" and planned.current_a is None):
        return Wanted(device.fallback_a, "floor", "the plan does not know this device")
    if device.kind == "ac":
        currents_a = (planned.current_a or {}).values()
        current_a = max((values[step] for values in currents_a), default=0.0)
    else:
        current_a = planned.power_w[step] / device.watts_per_ampere(None)
    said = dict(enumerate(plan.reasons.get(device.name, []))).get(step) or stands.reason
    return Wanted(current_a, stands.rung, said, plan.plan_id)


def _most_a(device: ControlledDevice, facts: TickFacts) -> float:
    """The most that a device may take without a plan: a car what it can, a battery nothing."""
    if device.kind == "battery":
        return 0.0
    if facts.occupied is None:
        return device.rating_a
    car = facts.occupied.get(device.name)
    if car is None or not car.is_taking:
        return 0.0
    return device.rating_a if car.most_a is None else min(device.rating_a, car.most_a)
