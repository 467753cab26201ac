"""Setpoints as read over REST."""

from typing import Any

from pydantic import Field

from kwartier.control.setpoint import Setpoint
from kwartier.control.setpoints import SiteSetpoints
from kwartier.units.wire import WireModel


class SetpointsDocument(WireModel):
    """The setpoints of a site, per device in the order of time."""

    data: list[Setpoint] = Field(description="What devices must do now; empty in a dry run.")
    dry_run: bool = Field(description="Whether the site is only tried out.")
    would_be: list[Setpoint] = Field(description="In a dry run what the devices would be told; else empty.")
    warnings: list[str]


def setpoints_document(setpoints: SiteSetpoints, *, is_dry: bool) -> dict[str, Any]:
    """The JSON value of what devices are told, or would be."""
    told = [one.model_dump(mode="json") for one in setpoints.setpoints]
    data, would_be = ([], told) if is_dry else (told, [])
    return {"data": data, "dry_run": is_dry, "would_be": would_be, "warnings": list(setpoints.warnings)}
