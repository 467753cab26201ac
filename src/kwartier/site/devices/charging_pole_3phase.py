"""An AC charging pole on one, two or three phases; its pins may be rotated against the board's phases."""

from typing import Annotated

from pydantic import Field

from kwartier.site.collector import PhaseText
from kwartier.site.devices.device import AssetName
from kwartier.units.phase import PINS
from kwartier.units.wire import FromIntegral, Known, WireModel

TYPE = "charging_pole_3phase"

PinText = Annotated[str, Known(PINS)]


class PinToPhaseMapping(WireModel):
    """`pin_list[i]` of the pole hangs on phase `phase_list[i]` of its collector; one to three pairs, no repeats."""

    pin_list: list[PinText]
    phase_list: list[PhaseText]


class ChargingPole3Phase(WireModel):
    """The pole as the site document writes it. `line_current` is the rating of each pin in A."""

    name: AssetName
    collector: str = Field(description="Name of the collector that feeds this device.")
    type: Annotated[str, Known((TYPE,))] = TYPE
    line_current: Annotated[int, Field(ge=0, le=100_000), FromIntegral] = Field(
        description="Rating of each pin in A."
    )
    pin_to_phase_mapping: PinToPhaseMapping
