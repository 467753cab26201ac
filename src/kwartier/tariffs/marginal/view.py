"""The marginal view: what one more kWh and one more kW cost a connection, from the components that bill it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from kwartier.tariffs.components import Cap, Component
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.marginal import (
    access_power,
    cap,
    connection_power,
    energy,
    fixed,
    levy_brackets,
    levy_energy,
    levy_monthly,
    monthly_peak,
    reactive,
    rolling_max_peak,
    rolling_mean_peak,
)
from kwartier.tariffs.marginal.asked import Asked, Memory
from kwartier.tariffs.marginal.charges import Charges, EnergyCharge, FloatArray, PeakCharge
from kwartier.tariffs.marginal.month_tariff import HeldComponent, TariffByMonth
from kwartier.tariffs.meter.local_month import LocalMonth
from kwartier.units.local_quarters import local_days_and_quarters

MARGINAL_BY_KIND: dict[str, Callable[[Any, Asked], Charges]] = {
    "access_power": access_power.marginal,
    "cap": cap.marginal,
    "connection_power": connection_power.marginal,
    "energy": energy.marginal,
    "fixed": fixed.marginal,
    "levy_brackets": levy_brackets.marginal,
    "levy_energy": levy_energy.marginal,
    "levy_monthly": levy_monthly.marginal,
    "monthly_peak": monthly_peak.marginal,
    "reactive": reactive.marginal,
    "rolling_max_peak": rolling_max_peak.marginal,
    "rolling_mean_peak": rolling_mean_peak.marginal,
}
"""The marginal price of every component kind, from the file that bears the kind's name."""


@dataclass(frozen=True)
class MarginalView:
    """What one more kWh and kW cost in some quarter-hours; `warnings` say what is estimated or not known.

    `peak_warnings` say it of peaks, `injection_gaps` of what only a connection that injects pays. `has_sheet`: whether
    the amounts of the grid are known for all of the quarter-hours, if only carried on.
    """

    energy: tuple[EnergyCharge, ...]
    peaks: tuple[PeakCharge, ...]
    warnings: tuple[str, ...]
    peak_warnings: tuple[str, ...]
    injection_gaps: tuple[str, ...]
    has_sheet: bool
    cell_count: int

    def price_eur_per_mwh(
        self, money_term: Literal["grid", "levies"], direction: Literal["offtake", "injection"]
    ) -> FloatArray:
        """The sum of the charges of a term and direction in each quarter-hour, EUR/MWh, shape (cells,)."""
        total = np.zeros(self.cell_count)
        for charge in self.energy:
            if charge.money_term == money_term and charge.direction == direction:
                total += charge.price_eur_per_mwh
        return total


def marginal_view(
    tariff: TariffByMonth, start_s: npt.NDArray[np.int64], timezone: tzinfo, memory: Memory
) -> MarginalView:
    """The marginal prices of one connection in the quarter-hours that start at `start_s`.

    `start_s` is epoch seconds in rising order, shape (cells,), the first one possibly inside its quarter-hour; `tariff`
    gives the components of a local month. A peak that a month ends has one charge per month.
    """
    days, _ = local_days_and_quarters(start_s, timezone)
    month_numbers = _month_numbers(days)
    months = [LocalMonth(number // 12, number % 12 + 1) for number in sorted(set(month_numbers.tolist()))]
    energy_charges: list[EnergyCharge] = []
    peak_charges: list[PeakCharge] = []
    for month in months:
        number = month.year * 12 + month.month - 1
        of_month = tariff(month)
        covered = _covered(of_month.components) if memory.maximum_tariff_binds else frozenset()
        asked_by_span = [
            Asked(
                month=month,
                running_month=months[0],
                source=of_month.source,
                start_s=start_s,
                timezone=timezone,
                in_month=(month_numbers == number) & _held(span, days),
                from_month=month_numbers >= number,
                memory=memory,
                same_in=lambda component, later: _same(component, tariff, later),
            )
            for span in of_month.spans
        ]
        for held, place in zip(of_month.components, of_month.span_index, strict=True):
            for charge in MARGINAL_BY_KIND[held.component.kind](held.component, asked_by_span[place]):
                if charge.component in covered:
                    continue
                if isinstance(charge, EnergyCharge):
                    energy_charges.append(charge)
                elif not _repeats(charge, peak_charges):
                    peak_charges.append(charge)
    return MarginalView(
        energy=tuple(energy_charges),
        peaks=tuple(_joined(peak_charges)),
        warnings=_once(_warnings(tariff, month) for month in months),
        peak_warnings=_once(_peak_warnings(tariff, month, memory) for month in months),
        injection_gaps=_once(tariff(month).injection_gaps for month in months),
        has_sheet=all(tariff(month).has_sheet for month in months),
        cell_count=len(start_s),
    )


def _month_numbers(days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Year × 12 + month − 1 of each local day (ordinal), which come in rising order."""
    first, last = (date.fromordinal(day) for day in days[[0, -1]].tolist())
    if (first.year, first.month) == (last.year, last.month):
        return np.full(len(days), first.year * 12 + first.month - 1, dtype=np.int64)
    present, place = np.unique(days, return_inverse=True)
    dates = [date.fromordinal(day) for day in present.tolist()]
    numbers = np.array([day.year * 12 + day.month - 1 for day in dates], dtype=np.int64)
    return np.asarray(numbers[place])


def _held(span: DaySpan, days: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return (days >= span.first.toordinal()) & (days <= span.last.toordinal())


def _covered(components: tuple[HeldComponent, ...]) -> frozenset[str]:
    """The ids of what a maximum tariff covers."""
    caps = [held.component for held in components if isinstance(held.component, Cap)]
    return frozenset(name for one in caps for name in one.covers)


def _same(component: Component, tariff: TariffByMonth, month: LocalMonth) -> Component:
    """The component of the same id in another month, itself where there is none."""
    found = _named(component.id, tariff, month)
    return component if found is None else found


@lru_cache(maxsize=4096)
def _named(component_id: str, tariff: TariffByMonth, month: LocalMonth) -> Component | None:
    """Kept: each plan asks for the same months ahead."""
    named = (held.component for held in tariff(month).components if held.component.id == component_id)
    return next(named, None)


def _repeats(charge: PeakCharge, before: list[PeakCharge]) -> bool:
    """Whether a charge of an earlier month holds for the same quarter-hours already: a peak that outlasts its month."""
    return any(
        one.component == charge.component and bool((one.counted & charge.counted).any()) for one in before
    )


def _joined(charges: list[PeakCharge]) -> list[PeakCharge]:
    """The charges, those on one and the same peak as one: in Wallonia the operator and Elia both price it."""
    joined: list[PeakCharge] = []
    for charge in charges:
        place = next((index for index, one in enumerate(joined) if _same_peak(one, charge)), None)
        if place is None:
            joined.append(charge)
            continue
        joined[place] = replace(
            joined[place],
            component=f"{joined[place].component}+{charge.component}",
            price_eur_per_kw=joined[place].price_eur_per_kw + charge.price_eur_per_kw,
        )
    return joined


def _same_peak(one: PeakCharge, other: PeakCharge) -> bool:
    alike = one.words == other.words and one.source == other.source and one.floor_w == other.floor_w
    return alike and bool((one.counted == other.counted).all())


def _once(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for texts in lists for text in texts))


def _warnings(tariff: TariffByMonth, month: LocalMonth) -> list[str]:
    held = tariff(month)
    if not held.is_carried_on:
        return list(held.warnings)
    carried = f"estimated: no {month.year} sheet known; the amounts of {held.source} are carried on"
    return [*held.warnings, carried]


def _peak_warnings(tariff: TariffByMonth, month: LocalMonth, memory: Memory) -> Iterator[str]:
    held = tariff(month)
    if "access_power" in held.kinds and not memory.access_power_kw:
        yield (
            f"{held.source}: no access power is declared, so that exceeding it costs nothing in this plan; write the "
            "declared kW as toegangsvermogen in the site document"
        )
    remembers = {"rolling_max_peak"} | ({"access_power"} if memory.access_power_kw else set())
    if held.kinds & remembers and memory.highest_peak_w is None:
        yield (
            f"{held.source}: the highest peak of the last 12 months is not known, this month's is taken for it; give "
            "tariff_state.highest_peak_12m_w"
        )
