"""The terms that tariffs are made of: one kind per file, what it needs and how it counts. The bill counts them."""

from typing import Annotated

from pydantic import Field

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

AnyComponent = Annotated[
    Energy
    | MonthlyPeak
    | RollingMeanPeak
    | RollingMaxPeak
    | AccessPower
    | ConnectionPower
    | Fixed
    | Reactive
    | Cap,
    Field(discriminator="kind"),
]
"""A component of a grid sheet."""

AnyLevy = Annotated[LevyBrackets | LevyMonthly | LevyEnergy, Field(discriminator="kind")]
"""A component of a levy file."""
