"""The terms that tariffs are made of: one kind per file, what it needs and how it counts. The bill counts them."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from kwartier.tariffs.components.access_power import AccessPower
from kwartier.tariffs.components.cap import Cap
from kwartier.tariffs.components.component import MONEY_TERM_BY_GROUP, Component, Group, HourWindow
from kwartier.tariffs.components.connection_power import ConnectionPower, PowerStep
from kwartier.tariffs.components.energy import Energy
from kwartier.tariffs.components.figure import CONFIDENCE_WORDS, Confidence, Figure
from kwartier.tariffs.components.fixed import Fixed
from kwartier.tariffs.components.levy_brackets import Bracket, LevyBrackets
from kwartier.tariffs.components.levy_energy import LevyEnergy
from kwartier.tariffs.components.levy_monthly import LevyMonthly
from kwartier.tariffs.components.monthly_peak import MonthlyPeak
from kwartier.tariffs.components.reactive import Reactive
from kwartier.tariffs.components.rolling_max_peak import DegressionPoint, RollingMaxPeak
from kwartier.tariffs.components.rolling_mean_peak import RollingMeanPeak

__all__ = [
    "CONFIDENCE_WORDS",
    "GRID_KINDS",
    "LEVY_KINDS",
    "MONEY_TERM_BY_GROUP",
    "AccessPower",
    "AnyComponent",
    "AnyLevy",
    "Bracket",
    "Cap",
    "Component",
    "Confidence",
    "ConnectionPower",
    "DegressionPoint",
    "Energy",
    "Figure",
    "Fixed",
    "Group",
    "HourWindow",
    "LevyBrackets",
    "LevyEnergy",
    "LevyMonthly",
    "MonthlyPeak",
    "PowerStep",
    "Reactive",
    "RollingMaxPeak",
    "RollingMeanPeak",
]

GRID_KINDS: tuple[str, ...] = (
    "energy",
    "monthly_peak",
    "rolling_mean_peak",
    "rolling_max_peak",
    "access_power",
    "connection_power",
    "fixed",
    "reactive",
    "cap",
)
LEVY_KINDS: tuple[str, ...] = ("levy_brackets", "levy_monthly", "levy_energy")


def _kind(value: Any) -> Any:
    """The kind of a component, given as plain values or as a model; None where it is not said."""
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


AnyComponent = Annotated[
    Annotated[Energy, Tag("energy")]
    | Annotated[MonthlyPeak, Tag("monthly_peak")]
    | Annotated[RollingMeanPeak, Tag("rolling_mean_peak")]
    | Annotated[RollingMaxPeak, Tag("rolling_max_peak")]
    | Annotated[AccessPower, Tag("access_power")]
    | Annotated[ConnectionPower, Tag("connection_power")]
    | Annotated[Fixed, Tag("fixed")]
    | Annotated[Reactive, Tag("reactive")]
    | Annotated[Cap, Tag("cap")],
    Discriminator(_kind),
]
"""A component of a grid sheet."""

AnyLevy = Annotated[
    Annotated[LevyBrackets, Tag("levy_brackets")]
    | Annotated[LevyMonthly, Tag("levy_monthly")]
    | Annotated[LevyEnergy, Tag("levy_energy")],
    Discriminator(_kind),
]
"""A component of a levy file."""
