"""What a device does from `at` to `to`: its setpoint once that has begun and while it holds, then its fallback."""

from datetime import datetime

from kwartier.control.setpoint import Setpoint


def obeyed_current_a(setpoint: Setpoint | None, fallback_a: float, at: datetime, to: datetime) -> float:
    """The current per pin that an AC pole allows; one that never heard anything allows `fallback_a`."""
    if setpoint is None or to < setpoint.valid_from:
        return fallback_a
    told_a = setpoint.max_current if at < setpoint.valid_until else setpoint.fallback_current
    return fallback_a if told_a is None else told_a


def obeyed_power_w(setpoint: Setpoint | None, fallback_w: float, at: datetime, to: datetime) -> float:
    """The power that a DC pole or a battery is told; one that never heard anything keeps to `fallback_w`."""
    if setpoint is None or to < setpoint.valid_from:
        return fallback_w
    told_w = setpoint.power if at < setpoint.valid_until else setpoint.fallback_power
    return fallback_w if told_w is None else told_w
