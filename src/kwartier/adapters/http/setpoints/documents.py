"""Setpoints as read over REST."""

from typing import Any

from pydantic import Field

from kwartier.control.setpoint import Setpoint
from kwartier.service.read_setpoints import SetpointsRead
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel


class SetpointsDocument(WireModel):
    """The setpoints of a site, per device in the order of time."""

    data: list[Setpoint] = Field(description="What devices must do now; empty in a dry run.")
    told_at: Instant | None = Field(
        description=(
            "When the control said last that these are in force, each minute at least; null where they come from the "
            "plan alone, or from the floor. What holds is told by `validUntil`."
        ),
        examples=["2026-03-02T07:04:30Z"],
    )
    dry_run: bool = Field(description="Whether the site is only tried out.")
    would_be: list[Setpoint] = Field(description="In a dry run what the devices would be told; else empty.")
    warnings: list[str]


def setpoints_document(read: SetpointsRead) -> dict[str, Any]:
    """The JSON value of what devices are told, or would be."""
    told = [one.model_dump(mode="json") for one in read.setpoints.setpoints]
    data, would_be = ([], told) if read.is_dry else (told, [])
    return {
        "data": data,
        "told_at": None if read.told_at is None else format_instant(read.told_at),
        "dry_run": read.is_dry,
        "would_be": would_be,
        "warnings": list(read.setpoints.warnings),
    }
