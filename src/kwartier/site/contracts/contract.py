"""What all contracts share, and the contract of a kind that is not known."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from kwartier.units.wire import WireModel

PriceEurPerMwh = Annotated[float, Field(ge=-1e6, le=1e6)]


class UnknownContract(WireModel):
    """A contract of an unknown `contract_type`: kept as it was sent, reported by validation, never planned."""

    model_config = ConfigDict(extra="allow")

    contract_type: Any
