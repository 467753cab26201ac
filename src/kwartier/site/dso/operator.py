"""A grid operator that is not known."""

from typing import Any

from pydantic import ConfigDict

from kwartier.units.wire import WireModel


class UnknownDso(WireModel):
    """A `dso` branch of an unknown operator: kept as it was sent, reported by validation."""

    model_config = ConfigDict(extra="allow")

    dso: Any
