"""Fluvius, the distribution system operator of Flanders."""

from typing import Annotated

from pydantic import Field

from kwartier.units.wire import Known, WireModel

# The eight areas since the merger of 2025-01-01, and the ten before it (VNR tariff sheets 2024 and 2025).
REGIONS = (
    "Antwerpen",
    "Halle-Vilvoorde",
    "Imewo",
    "Kempen",
    "Limburg",
    "Midden-Vlaanderen",
    "West",
    "Zenne-Dijle",
)
REGIONS_UNTIL_2024 = ("Gaselwest", "Intergem", "Iveka", "Iverlek", "PBE", "Sibelgas")

CONNECTION_TYPES = (
    "Low Voltage Network",
    "Low Voltage Transformer Cabin",
    "Medium Voltage Network 1-26 kV",
    "Medium Voltage Post 1-26 kV",
    "Network 26-36 kV",
    "Post 26-36 kV",
)
LOW_VOLTAGE = "Low Voltage Network"

# The regulator's own column heads (VNR tariff sheet elektriciteit 2026) for the six connection types.
CONNECTION_TYPE_BY_ALIAS = {
    "LS net": "Low Voltage Network",
    "Trans-LS": "Low Voltage Transformer Cabin",
    "1-26 kV net": "Medium Voltage Network 1-26 kV",
    "MS": "Medium Voltage Network 1-26 kV",
    "1-26 kV post": "Medium Voltage Post 1-26 kV",
    "Trans-HS": "Medium Voltage Post 1-26 kV",
    "26-36 kV net": "Network 26-36 kV",
    "26-36 kV post": "Post 26-36 kV",
}


def canonical_region(region: str) -> str:
    """The region without a leading "Fluvius ".

    >>> canonical_region("Fluvius Imewo")
    'Imewo'
    """
    return region.removeprefix("Fluvius ")


def canonical_connection_type(connection_type: str) -> str:
    """The document's own name of a connection type that is written in the regulator's words.

    >>> canonical_connection_type("LS net")
    'Low Voltage Network'
    """
    return CONNECTION_TYPE_BY_ALIAS.get(connection_type, connection_type)


class Fluvius(WireModel):
    """The Fluvius branch (decided): one of eight areas, six connection types, the access power."""

    dso: Annotated[str, Known(("Fluvius",))]
    region: Annotated[str, Known(REGIONS + REGIONS_UNTIL_2024, fold=canonical_region)]
    connection_type: Annotated[str, Known(CONNECTION_TYPES, fold=canonical_connection_type)]
    toegangsvermogen: Annotated[float, Field(ge=0, le=1e7)] | None = Field(
        default=None,
        description="Access power in kW; 0 or absent: none declared. Needed outside low voltage.",
    )
