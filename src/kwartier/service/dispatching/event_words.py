"""What the control noticed, as an event of the site: its kind and a small JSON object."""

from dataclasses import asdict
from typing import Any

from kwartier.control.events import (
    ClockJumped,
    DeviceDisobeys,
    DeviceObeysAgain,
    LimitViolated,
    OperatorFailsafe,
    PeakAtRisk,
    RungChanged,
)
from kwartier.service.site_event import EventKind

Announced = (
    RungChanged
    | LimitViolated
    | PeakAtRisk
    | DeviceDisobeys
    | DeviceObeysAgain
    | OperatorFailsafe
    | ClockJumped
)

KIND_BY_EVENT: dict[type, EventKind] = {
    RungChanged: "rung_changed",
    LimitViolated: "limit_violated",
    PeakAtRisk: "peak_at_risk",
    DeviceDisobeys: "device_disobeys",
    DeviceObeysAgain: "device_obeys_again",
    OperatorFailsafe: "operator_failsafe",
    ClockJumped: "clock_jumped",
}


def event_words(event: Announced) -> tuple[EventKind, dict[str, Any]]:
    """The kind and the content of an event.

    >>> event_words(DeviceObeysAgain("pole"))
    ('device_obeys_again', {'asset_id': 'pole'})
    """
    return KIND_BY_EVENT[type(event)], asdict(event)
