"""What a bill needs to know beside the site and the meter: history before the meter file, declared powers, customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from kwartier.tariffs.meter import LocalMonth

Customer = Literal["business", "household"]
IndexResolution = Literal["PT15M", "PT60M"]

NO_PEAKS: Mapping[LocalMonth, Decimal] = MappingProxyType({})
NO_YEARS: Mapping[int, Decimal] = MappingProxyType({})
NO_COMPONENTS: Mapping[str, Mapping[LocalMonth, Decimal]] = MappingProxyType({})


@dataclass(frozen=True)
class DeclaredPower:
    """An access power (kW) as declared to the grid operator, in force from a day on until the next one."""

    from_day: date
    power_kw: Decimal


@dataclass(frozen=True)
class BillFacts:
    """The tariff's memory, as far as the meter file does not hold it, and who the customer is.

    `month_peaks_kw`: the highest quarter-hour average of earlier months. `component_peaks_kw`: the same for a component
    that counts only some hours or the k-th highest, by its id. `year_offtake_kwh`: what was taken in a calendar year
    before the meter file begins. `access_power`: overrides the site document's `toegangsvermogen`. `index_resolution`:
    whether a dynamic contract follows the quarter-hours of the market (PT15M) or their mean per hour (PT60M); the site
    document has no field for it.
    """

    customer: Customer = "business"
    index_resolution: IndexResolution = "PT15M"
    month_peaks_kw: Mapping[LocalMonth, Decimal] = field(default_factory=lambda: NO_PEAKS)
    component_peaks_kw: Mapping[str, Mapping[LocalMonth, Decimal]] = field(
        default_factory=lambda: NO_COMPONENTS
    )
    year_offtake_kwh: Mapping[int, Decimal] = field(default_factory=lambda: NO_YEARS)
    access_power: tuple[DeclaredPower, ...] = ()
    connection_power_kva: Decimal | None = None
    is_grid_left_out: bool = False
