"""A setpoint: what one device is told, for how long, and what it does when that time passes without news."""

from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel

Rung = Literal["optimal", "feasible", "last_safe", "share", "floor", "stop"]
"""The rungs of the safety ladder, the best first."""


class Setpoint(WireModel):
    """What one device is told; camelCase, as all telemetry.

    Currents in A per pin (AC poles), powers in W (DC poles and batteries, negative discharges). `rung` is that of the
    safety ladder: the plan's own (`optimal`, `feasible`), `last_safe` for an older one, `share` of the measured room,
    the `floor` that is proven on paper, or `stop`.
    """

    model_config = ConfigDict(alias_generator=to_camel)

    asset_id: str
    plan_id: str | None = Field(default=None, description="The plan it comes from; null on the floor.")
    valid_from: Instant
    valid_until: Instant = Field(description="Without news by then the device does what `fallback…` says.")
    max_current: float | None = Field(default=None, ge=0, description="A per pin, AC poles.")
    power: float | None = Field(default=None, description="W, DC poles and batteries; negative discharges.")
    fallback_current: float | None = Field(default=None, ge=0, description="A per pin, AC poles.")
    fallback_power: float | None = Field(default=None, ge=0, description="W, DC poles and batteries.")
    rung: Rung
    reason: str
