"""A month of a connection, billed before and after a small change: what the marginal view must foretell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kwartier.site.document import Site
from kwartier.tariffs.billing import BillFacts, bill
from kwartier.tariffs.marginal import MarginalView, Memory, marginal_view, tariff_of
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import all_combinations
from kwartier.tariffs.sheets import TariffSheets
from kwartier.units.quarter_hour import QUARTER_S

IntArray = npt.NDArray[np.int64]

BRUSSELS = ZoneInfo("Europe/Brussels")
MILLIWH_PER_KW = 250_000  # a quarter-hour at 1 kW
# As many quarter-hours make the peak together, so that the 11th-highest rises with the highest.
TOP_COUNT = 12
PEAK_KW, EARLIER_PEAK_KW = 50, 37
# In every case the bracket of the excise that is reached holds until the end of the year.
YEAR_OFFTAKES_KWH = (60_000, 1_200_000, 30_000_000)


def usable_sheets() -> Iterator[tuple[str, Path]]:
    """Id and file of every sheet that kwartier ships and that has all its amounts."""
    sheets = TariffSheets()
    for combination in all_combinations():
        for file in sheets.files_of(combination)[0]:
            if file.sheet is not None:
                yield file.sheet_id, file.path


def longer_sheet(path: Path, folder: Path) -> tuple[TariffSheets, Sheet]:
    """The sheet of a file as if it held two years longer: a peak is still on the bills of the year after."""
    text = path.read_text(encoding="utf-8")
    year = int(text.partition("valid_to = ")[2][:4])
    copy = folder / path.name
    copy.write_text(text.replace(f"valid_to = {year}-", f"valid_to = {year + 2}-"), encoding="utf-8")
    sheets = TariffSheets([copy])
    for combination in all_combinations():
        for file in sheets.files_of(combination)[0]:
            if file.is_own and file.sheet is not None:
                return sheets, file.sheet
    raise AssertionError(f"{path} is no sheet")


def site_on(sheet: Sheet, access_power_kw: float) -> Site:
    dso: dict[str, object] = {
        "dso": sheet.dso,
        "region": sheet.region,
        "connection_type": sheet.connection_type,
    }
    if sheet.dso == "Fluvius":
        dso["toegangsvermogen"] = access_power_kw
    return Site.model_validate(
        {
            "site_id": "billed",
            "name": "Billed",
            "location": {"name": "Gent", "coordinates": [51.05, 3.73, 8]},
            "country": "BE",
            "configurations": {"dso": dso},
        }
    )


@dataclass(frozen=True)
class Change:
    """A month's quarter-hours before and after, mWh, shape (n,) each."""

    offtake_before: IntArray
    offtake_after: IntArray
    injection_before: IntArray
    injection_after: IntArray


def drawn_change(random: Random, start_s: IntArray, base_kw: float) -> Change:
    """A random month with its peak at noon of weekdays, which the change raises; some other energy changes too."""
    source = np.random.default_rng(random.randrange(2**32))
    count = len(start_s)
    before = source.integers(0, 2 * int(base_kw * MILLIWH_PER_KW), count)
    weekday_noons = np.flatnonzero((start_s % 86_400 == 11 * 3600) & ((start_s // 86_400 + 3) % 7 < 5))
    tops = np.concatenate((weekday_noons, weekday_noons + 1, weekday_noons + 2))[:TOP_COUNT]
    before[tops] = PEAK_KW * MILLIWH_PER_KW
    after = before + source.integers(0, 40_000, count) * (source.random(count) < 0.05)
    after[tops] = before[tops] + random.randrange(1, 2 * MILLIWH_PER_KW)
    injection = source.integers(0, 900_000, count) * (source.random(count) < 0.1)
    injected = injection + source.integers(0, 40_000, count) * (source.random(count) < 0.05)
    return Change(before, after, injection, injected)


@dataclass(frozen=True)
class Case:
    """A connection in one month: eleven months of lower peaks before it, eleven like them after it."""

    sheets: TariffSheets
    sheet: Sheet
    site: Site
    month: LocalMonth
    year_offtake_kwh: int
    base_kw: float
    change: Change

    @property
    def start_s(self) -> IntArray:
        return month_start_s(self.month)

    def bills_eur(self, offtake: IntArray, injection: IntArray) -> float:
        """The unrounded bills of the month and the eleven after it, EUR: all that a peak of the month is on."""
        months = [self.month.later(later) for later in range(12)]
        first, end = self.month.quarter_indices(BRUSSELS).start, months[-1].quarter_indices(BRUSSELS).stop
        rest = end - first - len(offtake)
        later = np.full(rest, int(self.base_kw * MILLIWH_PER_KW), dtype=np.int64)
        for coming in months[1:]:
            begins = coming.quarter_indices(BRUSSELS).start - first - len(offtake)
            later[begins : begins + TOP_COUNT] = EARLIER_PEAK_KW * MILLIWH_PER_KW
        meter = MeterSeries(
            first,
            np.concatenate((offtake, later)),
            np.concatenate((injection, np.zeros(rest, dtype=np.int64))),
            np.ones(end - first, dtype=bool),
            np.ones(end - first, dtype=bool),
        )
        facts = self.facts()
        bills = [bill(self.site, meter, month, facts=facts, sheets=self.sheets) for month in months]
        return float(sum((one.exact_excl_vat_eur for one in bills), Decimal(0)))

    def facts(self) -> BillFacts:
        peaks = {self.month.later(-back): Decimal(EARLIER_PEAK_KW) for back in range(1, 12)}
        return BillFacts(
            month_peaks_kw=peaks,
            component_peaks_kw={component.id: peaks for component in self.sheet.components},
            year_offtake_kwh={self.month.year: Decimal(self.year_offtake_kwh)},
            connection_power_kva=Decimal(40),
        )

    def view(self, *, maximum_tariff_binds: bool, access_power_kw: float) -> MarginalView:
        """The marginal view of the month, half of whose peak has been seen so far."""
        memory = Memory(
            month_peak_w=PEAK_KW * 500.0,
            highest_peak_w=EARLIER_PEAK_KW * 1000.0,
            access_power_kw=access_power_kw,
            year_offtake_kwh=self.year_offtake_kwh,
            maximum_tariff_binds=maximum_tariff_binds,
        )
        assert self.site.configurations.dso is not None
        tariff = tariff_of(self.site.configurations.dso, self.sheets)
        return marginal_view(tariff, self.start_s, BRUSSELS, memory)

    def foretold_eur(self, view: MarginalView) -> float:
        """What the view says that the change costs, EUR."""
        change = self.change
        taken_mwh = (change.offtake_after - change.offtake_before) / 1e9
        given_mwh = (change.injection_after - change.injection_before) / 1e9
        offtake_price = view.price_eur_per_mwh("grid", "offtake") + view.price_eur_per_mwh(
            "levies", "offtake"
        )
        energy_eur = taken_mwh @ offtake_price + given_mwh @ view.price_eur_per_mwh("grid", "injection")
        peaks_eur = sum(
            charge.price_eur_per_kw
            * (
                above_kw(change.offtake_after[charge.counted], charge.floor_w)
                - above_kw(change.offtake_before[charge.counted], charge.floor_w)
            )
            for charge in view.peaks
        )
        return float(energy_eur + peaks_eur)

    def billed_eur(self) -> float:
        """What the bills say that it costs, EUR."""
        change = self.change
        after_eur = self.bills_eur(change.offtake_after, change.injection_after)
        return after_eur - self.bills_eur(change.offtake_before, change.injection_before)


def month_start_s(month: LocalMonth) -> IntArray:
    indices = month.quarter_indices(BRUSSELS)
    return np.arange(indices.start, indices.stop, dtype=np.int64) * QUARTER_S


def above_kw(offtake_milliwh: IntArray, floor_w: float) -> float:
    return max(0.0, float(offtake_milliwh.max()) / MILLIWH_PER_KW - floor_w / 1000.0)


def first_month(sheet: Sheet) -> LocalMonth:
    day: date = sheet.valid_from
    return LocalMonth(day.year, day.month)
