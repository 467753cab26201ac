"""What a sheet is for: an operator, a region and a connection type, in the words of the site document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kwartier.site.dso import Dso, Fluvius, UnknownDso, fluvius, sibelga, wallonia
from kwartier.site.dso.fluvius import canonical_connection_type, canonical_region
from kwartier.tariffs.sheet import Sheet, Voltage

VOLTAGE_BY_CONNECTION_TYPE: dict[str, Voltage] = {
    "Low Voltage Network": "low",
    "Low Voltage Transformer Cabin": "low",
    "Medium Voltage Network 1-26 kV": "medium",
    "Medium Voltage Post 1-26 kV": "medium",
    "Network 26-36 kV": "medium_or_high",
    "Post 26-36 kV": "medium_or_high",
    "MT": "medium",
    "Trans-MT": "medium",
    **{name: "low" for name in sibelga.CONNECTION_TYPES if "BT" in name},
    **{name: "low" for name in wallonia.CONNECTION_TYPES if "BT" in name},
    **{name: "medium" for name in wallonia.CONNECTION_TYPES if "MT" in name},
}
"""By the names: BT and low voltage are at most 1 kV, MT and 1-26 kV are above it and below 30 kV."""

WHERE_TO_GET = {
    "Fluvius": "vlaamsenutsregulator.be, «hoeveel bedragen de distributienettarieven»",
    "Sibelga": "sibelga.be, «tarifs d'utilisation du réseau»",
    "AIEG": "cwape.be/node/176 and, for transport, cwape.be/node/179",
    "AIESH": "cwape.be/node/176 and, for transport, cwape.be/node/179",
    "ORES": "cwape.be/node/176 and, for transport, cwape.be/node/179",
    "RESA": "cwape.be/node/176 and, for transport, cwape.be/node/179",
    "REW": "cwape.be/node/176 and, for transport, cwape.be/node/179",
}
"""Where an operator's own tariff list stands."""


@dataclass(frozen=True, order=True)
class Combination:
    """An operator, a region and a connection type, in the document's own words."""

    dso: str
    region: str
    connection_type: str

    @property
    def slug(self) -> str:
        """The combination as a sheet's id and file name have it.

        >>> Combination("Fluvius", "Imewo", "Network 26-36 kV").slug
        'fluvius/imewo/network-26-36-kv'
        """
        return "/".join(slug(part) for part in (self.dso, self.region, self.connection_type))

    def __str__(self) -> str:
        return f"{self.dso}, {self.region}, {self.connection_type}"


def slug(text: str) -> str:
    """The text in small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def combination_of(dso: Dso) -> Combination | None:
    """The combination that a site document names; None for an unknown operator or a word that is not known."""
    if isinstance(dso, UnknownDso):
        return None
    found = Combination(dso.dso, dso.region, dso.connection_type)
    if isinstance(dso, Fluvius):
        region, connection_type = canonical_region(dso.region), canonical_connection_type(dso.connection_type)
        found = Combination(dso.dso, region, connection_type)
    return found if found in all_combinations() or _is_of_the_past(dso) else None


def _is_of_the_past(dso: Dso) -> bool:
    """Whether it is a Fluvius area of before 2025, which a document may name and which has no sheet."""
    return isinstance(dso, Fluvius) and canonical_region(dso.region) in fluvius.REGIONS_UNTIL_2024


def combination_of_sheet(sheet: Sheet) -> Combination:
    """The combination that a sheet is for."""
    return Combination(sheet.dso, sheet.region, sheet.connection_type)


def all_combinations() -> tuple[Combination, ...]:
    """Every combination that a site document may name today, in a fixed order."""
    return _ALL


def _all() -> Iterator[Combination]:
    for region in fluvius.REGIONS:
        for connection_type in fluvius.CONNECTION_TYPES:
            yield Combination("Fluvius", region, connection_type)
    for connection_type in sibelga.CONNECTION_TYPES:
        yield Combination("Sibelga", "All", connection_type)
    for operator in wallonia.WALLOON_DSOS:
        for connection_type in wallonia.CONNECTION_TYPES:
            yield Combination(operator, "All", connection_type)


_ALL = tuple(_all())
