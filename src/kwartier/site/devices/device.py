"""What all devices share, and the device of a kind that is not known."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from kwartier.units.wire import WireModel

AssetName = Annotated[
    str, Field(min_length=1, max_length=200, description="Unique over devices and collectors: the asset id.")
]


class UnknownDevice(WireModel):
    """A device of an unknown `type`: kept as it was sent, reported by validation, never planned."""

    model_config = ConfigDict(extra="allow")

    name: AssetName
    collector: str
    type: Any
