"""A DC charging pole: one power, balanced over three phases."""

from typing import Annotated

from pydantic import Field

from kwartier.site.devices.device import AssetName
from kwartier.units.wire import Known, WireModel

TYPE = "dc_charging_pole"


class DcChargingPole(WireModel):
    """The DC pole as the site document writes it."""

    name: AssetName
    collector: str = Field(description="Name of the collector that feeds this device; must be 3P.")
    type: Annotated[str, Known((TYPE,))] = TYPE
    max_power: Annotated[float, Field(gt=0, le=1e8)] = Field(description="Largest power in W, AC side.")
