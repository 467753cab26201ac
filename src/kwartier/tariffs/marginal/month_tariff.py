"""The components that a month is billed with, each with the days for which it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def spans(self) -> tuple[DaySpan, ...]:
        """The spans of days for which some component holds, each once; nearly always the whole month alone."""
        return tuple(dict.fromkeys(one.days for one in self.components))

    @cached_property
    def span_index(self) -> tuple[int, ...]:
        """Of each component its place in `spans`."""
        return tuple(self.spans.index(one.days) for one in self.components)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its components."""
        return frozenset(one.component.kind for one in self.components)


TariffByMonth = Callable[[LocalMonth], MonthTariff]
