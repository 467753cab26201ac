"""The facts of a bill as a JSON document: what `kwartier bill --facts` reads."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kwartier.tariffs.billing.facts import BillFacts, Customer, DeclaredPower, IndexResolution
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.wire import WireModel

Month = Annotated[str, Field(pattern=r"^(19[7-9]\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$")]
PowerKw = Annotated[float, Field(ge=0, le=1e7)]
Year = Annotated[str, Field(pattern=r"^\d{4}$")]
EnergyKwh = Annotated[float, Field(ge=0, le=1e12)]
PeaksKw = dict[Month, PowerKw]


class AccessPowerDocument(WireModel):
    """An access power (kW) and the local day from which it is in force."""

    from_day: Annotated[date, Field(strict=False)]
    power_kw: PowerKw


class FactsDocument(WireModel):
    """What the meter file does not hold; months as 2026-03, years as 2026. Every field may be missing.

    `month_peaks_kw`: highest quarter-hour average of earlier months. `component_peaks_kw`: the same by component of the
    sheet, where it counts some hours only or the k-th highest. `year_offtake_kwh`: taken in the calendar year before
    the meter file begins. `access_power`: overrides `toegangsvermogen`.
    """

    month_peaks_kw: PeaksKw = Field(default_factory=dict)
    component_peaks_kw: dict[str, PeaksKw] = Field(default_factory=dict)
    year_offtake_kwh: dict[Year, EnergyKwh] = Field(default_factory=dict)
    access_power: list[AccessPowerDocument] = Field(default_factory=list)
    connection_power_kva: Annotated[float, Field(gt=0, le=1e7)] | None = None

    def facts(
        self, customer: Customer, index_resolution: IndexResolution, *, is_grid_left_out: bool = False
    ) -> BillFacts:
        """The facts, with what the caller says about the customer and the contract's index."""
        kva = self.connection_power_kva
        return BillFacts(
            customer=customer,
            index_resolution=index_resolution,
            month_peaks_kw=_by_month(self.month_peaks_kw),
            component_peaks_kw={name: _by_month(peaks) for name, peaks in self.component_peaks_kw.items()},
            year_offtake_kwh={int(year): _exact(energy) for year, energy in self.year_offtake_kwh.items()},
            access_power=tuple(
                DeclaredPower(one.from_day, _exact(one.power_kw)) for one in self.access_power
            ),
            connection_power_kva=None if kva is None else _exact(kva),
            is_grid_left_out=is_grid_left_out,
        )


def _by_month(peaks_kw: PeaksKw) -> dict[LocalMonth, Decimal]:
    return {LocalMonth.parse(month): _exact(peak_kw) for month, peak_kw in peaks_kw.items()}


def _exact(number: float) -> Decimal:
    """The decimal that the document wrote, not the binary number nearest to it."""
    return Decimal(str(number))
