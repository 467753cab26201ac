"""The bills of a simulated period, from what its meters counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import MonthBill
from kwartier.tariffs.billing import Bill, CannotBill, DayAheadPrices, bill
from kwartier.tariffs.day_ahead.market_day import day_start
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]
MILLIWH_PER_WH = 1000


@dataclass(frozen=True)
class Bills:
    """The bills of all connections and months, and why some could not be made."""

    bills: list[MonthBill]
    warnings: list[str]


def bills_of(
    recorded: RecordedSite,
    period: Period,
    offtake_wh: Mapping[str, FloatArray],
    injection_wh: Mapping[str, FloatArray],
) -> Bills:
    """Each connection's bill for each month that the period touches; energies per quarter-hour, Wh."""
    found, warnings = [], []
    day_ahead = _day_ahead(recorded)
    for root in offtake_wh:
        meter = _meter(period, offtake_wh[root], injection_wh[root])
        for month in months_of(recorded, period):
            try:
                made = bill(recorded.site, meter, month, facts=recorded.facts, day_ahead=day_ahead)
            except CannotBill as refused:
                warnings.append(f"no bill of {root} for {month}: {refused}")
                continue
            found.append(_month_bill(root, made))
    return Bills(found, warnings)


def months_of(recorded: RecordedSite, period: Period) -> Iterator[LocalMonth]:
    """The local months that a period touches."""
    month = LocalMonth.of_quarter(period.start_s // QUARTER_S, recorded.zone)
    last = LocalMonth.of_quarter(period.end_s // QUARTER_S - 1, recorded.zone)
    while month <= last:
        yield month
        month = month.later(1)


def _meter(period: Period, offtake_wh: FloatArray, injection_wh: FloatArray) -> MeterSeries:
    known = np.ones(len(offtake_wh), dtype=bool)
    return MeterSeries(
        period.start_s // QUARTER_S,
        np.rint(offtake_wh * MILLIWH_PER_WH).astype(np.int64),
        np.rint(injection_wh * MILLIWH_PER_WH).astype(np.int64),
        known,
        known,
    )


def _day_ahead(recorded: RecordedSite) -> DayAheadPrices | None:
    """The prices of all days from the first to the last; a day that is not known is a gap."""
    days = sorted(recorded.price_days, key=lambda one: one.day)
    if not days:
        return None
    first = day_start(days[0].day)
    by_quarter: dict[int, float] = {}
    for one in days:
        start = int(day_start(one.day).timestamp()) // QUARTER_S
        by_quarter.update(enumerate(one.quarter_hours_eur_per_mwh, start=start))
    begin, end = int(first.timestamp()) // QUARTER_S, max(by_quarter) + 1
    return DayAheadPrices.of(first, [by_quarter.get(index) for index in range(begin, end)])


def _month_bill(root: str, made: Bill) -> MonthBill:
    return MonthBill.model_validate({"month": made.period, "root": root, **made.to_json()})
