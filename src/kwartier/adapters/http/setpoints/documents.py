"""Setpoints as read over REST."""

from kwartier.control.setpoint import Setpoint
from kwartier.units.wire import WireModel


class SetpointsDocument(WireModel):
    """The setpoints of a site, per device in the order of time."""

    data: list[Setpoint]
    warnings: list[str]
