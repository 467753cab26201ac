"""The contract kinds as documents, one file each; `tariffs/contracts` has the file of the same name that prices it."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from kwartier.site.contracts.contract import UnknownContract
from kwartier.site.contracts.day_night_be import DayNightBeContract
from kwartier.site.contracts.dynamic import DynamicContract
from kwartier.site.contracts.fixed import FixedContract

__all__ = [
    "CONTRACT_TYPES",
    "Contract",
    "DayNightBeContract",
    "DynamicContract",
    "FixedContract",
    "UnknownContract",
]

CONTRACT_TYPES: tuple[str, ...] = ("day_night_be", "dynamic", "fixed")


def _contract_tag(value: Any) -> str | None:
    if isinstance(value, dict) and "contract_type" not in value:
        return None
    kind = value.get("contract_type") if isinstance(value, dict) else getattr(value, "contract_type", None)
    return kind if kind in CONTRACT_TYPES else "unknown"


Contract = Annotated[
    Annotated[DayNightBeContract, Tag("day_night_be")]
    | Annotated[DynamicContract, Tag("dynamic")]
    | Annotated[FixedContract, Tag("fixed")]
    | Annotated[UnknownContract, Tag("unknown")],
    Discriminator(_contract_tag),
]
"""Any contract of a site."""
