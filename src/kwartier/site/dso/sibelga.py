"""Sibelga, the distribution system operator of Brussels."""

from typing import Annotated

from pydantic import Field

from kwartier.units.wire import Known, WireModel

CONNECTION_TYPES = ("BT", "BT>56kVA", "Trans-BT", "MT", "Trans-MT")


class Sibelga(WireModel):
    """The Sibelga branch (decided)."""

    dso: Annotated[str, Known(("Sibelga",))]
    region: Annotated[str, Known(("All",))]
    connection_type: Annotated[str, Known(CONNECTION_TYPES)]
    connection_power: Annotated[float, Field(gt=0, le=1e7)] | None = Field(
        default=None, description="Power of the connection in kVA."
    )
