"""What a tariff remembers at a moment, from the facts of a bill."""

from datetime import datetime, tzinfo

from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.quarter_hour import QUARTER_S, epoch_s

MEMORY_MONTHS = 12


def highest_peak_w(facts: BillFacts, at: datetime, timezone: tzinfo) -> float | None:
    """The highest month peak of the twelve months before that of `at`, W; None where none is known."""
    month = LocalMonth.of_quarter(int(epoch_s(at)) // QUARTER_S, timezone)
    known = [
        float(facts.month_peaks_kw[one]) * 1000.0
        for one in month.later(-1).last(MEMORY_MONTHS)
        if one in facts.month_peaks_kw
    ]
    return max(known, default=None)


def year_offtake_kwh(facts: BillFacts, at: datetime, timezone: tzinfo) -> float:
    """What was taken in the calendar year before `at`, as far as the facts say, kWh."""
    year = LocalMonth.of_quarter(int(epoch_s(at)) // QUARTER_S, timezone).year
    return float(facts.year_offtake_kwh.get(year, 0))
