"""The distribution system operators of Wallonia, which share one list of connection types."""

from typing import Annotated

from kwartier.units.wire import Known, WireModel

WALLOON_DSOS = ("AIEG", "AIESH", "ORES", "RESA", "REW")

# As the reference document prints them.
CONNECTION_TYPES = (
    "T-MT avec terme capacitaire",
    "T-MT sans terme capacitaire",
    "MT avec terme capacitaire",
    "MT sans terme capacitaire",
    "T-BT avec terme capacitaire",
    "T-BT sans terme capacitaire",
    "BT>56kVA - heures normales",
    "BT>56kVA - heures pleines/creuses",
    "BT - heures normales",
    "BT - heures pleines/creuses",
    "BT - heures incitative",
)


class WalloonDso(WireModel):
    """The branch of AIEG, AIESH, ORES, RESA and REW."""

    dso: Annotated[str, Known(WALLOON_DSOS)]
    region: Annotated[str, Known(("All",))]
    connection_type: Annotated[str, Known(CONNECTION_TYPES)]
