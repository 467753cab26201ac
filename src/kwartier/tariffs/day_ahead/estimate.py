"""Day-ahead prices that are not known yet, estimated from the days before: the mean of like days, said as such."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import lru_cache
from statistics import fmean

from kwartier.tariffs.day_ahead.market_day import MARKET_TIMEZONE, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay

# Decided: four weeks hold 20 working days, 4 Saturdays and 4 Sundays; prices of a season ago say little of tomorrow's.
MEMORY_DAYS = 28

_SATURDAY, _SUNDAY = 5, 6


def estimated_day_eur_per_mwh(day: date, known: Iterable[PriceDay]) -> tuple[float, ...] | None:
    """The estimated price of each quarter-hour of a day, 92, 96 or 100 of them; None where nothing is known.

    It is the mean, over the days of the same kind (working day, Saturday, Sunday) in the four weeks before, of the
    quarter-hour with the same local time. Where there is no day of that kind, all days of those weeks count; a local
    time that none of them had (the hour before a clock change) takes their mean. Public holidays count as the weekday
    they fall on (decided: few, and different per zone).
    """
    recent = [one for one in known if timedelta() < day - one.day <= timedelta(days=MEMORY_DAYS)]
    alike = [one for one in recent if _kind(one.day) == _kind(day)] or recent
    if not alike:
        return None
    by_time = defaultdict[time, list[float]](list)
    for one in alike:
        for at, price_eur_per_mwh in zip(_local_times(one.day), one.quarter_hours_eur_per_mwh, strict=True):
            by_time[at].append(price_eur_per_mwh)
    mean_eur_per_mwh = fmean(price for prices in by_time.values() for price in prices)
    return tuple(fmean(by_time[at]) if at in by_time else mean_eur_per_mwh for at in _local_times(day))


@lru_cache(maxsize=2 * MEMORY_DAYS)
def _local_times(day: date) -> tuple[time, ...]:
    """The local time of each quarter-hour of a day; kept, since the days of four weeks are asked for many times."""
    return tuple(start.astimezone(MARKET_TIMEZONE).time() for start in step_starts(day, "PT15M"))


def _kind(day: date) -> int:
    """0 for a working day, else the number of the weekday."""
    return day.weekday() if day.weekday() in (_SATURDAY, _SUNDAY) else 0
