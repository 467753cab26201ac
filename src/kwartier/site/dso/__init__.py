"""The distribution system operators as the site document names them, one file per region of Belgium.

Amounts live elsewhere: whether a sheet is known for a combination is a finding of its own.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from kwartier.site.dso.fluvius import Fluvius
from kwartier.site.dso.operator import UnknownDso
from kwartier.site.dso.sibelga import Sibelga
from kwartier.site.dso.wallonia import WALLOON_DSOS, WalloonDso

__all__ = [
    "DSO_NAMES",
    "Dso",
    "Fluvius",
    "Sibelga",
    "UnknownDso",
    "WalloonDso",
]

DSO_NAMES: tuple[str, ...] = ("AIEG", "AIESH", "Fluvius", "ORES", "RESA", "REW", "Sibelga")


def _dso_tag(value: Any) -> str | None:
    if isinstance(value, dict) and "dso" not in value:
        return None
    name = value.get("dso") if isinstance(value, dict) else getattr(value, "dso", None)
    if name in WALLOON_DSOS:
        return "wallonia"
    return name if name in ("Fluvius", "Sibelga") else "unknown"


Dso = Annotated[
    Annotated[Fluvius, Tag("Fluvius")]
    | Annotated[Sibelga, Tag("Sibelga")]
    | Annotated[WalloonDso, Tag("wallonia")]
    | Annotated[UnknownDso, Tag("unknown")],
    Discriminator(_dso_tag),
]
"""Any `dso` branch of a site document."""
