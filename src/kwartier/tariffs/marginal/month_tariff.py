"""The components that a month is billed with, each with the days for which it holds."""

from collections.abc import Callable
from dataclasses import dataclass

from kwartier.tariffs.components import AnyComponent, AnyLevy
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.meter.local_month import LocalMonth


@dataclass(frozen=True)
class HeldComponent:
    """A component of a sheet or a levy, and the days of the month for which it holds."""

    component: AnyComponent | AnyLevy
    days: DaySpan


@dataclass(frozen=True)
class MonthTariff:
    """All components of a month. `source` names the sheet in a few words: «Fluvius Imewo 2026».

    `is_carried_on`: the sheet is the last one known, and none is for the month. `has_sheet` is false where that is not
    known either: the components are then levies only.
    `warnings` say which amounts are not known, `injection_gaps` the same of what only injection pays.
    """

    components: tuple[HeldComponent, ...]
    source: str
    has_sheet: bool = True
    is_carried_on: bool = False
    warnings: tuple[str, ...] = ()
    injection_gaps: tuple[str, ...] = ()


TariffByMonth = Callable[[LocalMonth], MonthTariff]
