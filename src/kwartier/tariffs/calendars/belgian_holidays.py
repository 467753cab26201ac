"""The legal public holidays of Belgium."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def belgian_holidays(year: int) -> frozenset[date]:
    """The ten legal public holidays of a year (law of 4 January 1974, royal decree of 18 April 1974).

    Easter Sunday and Whit Sunday are among them, as the library has it; a Sunday is in no need of being a holiday.

    >>> date(2025, 4, 21) in belgian_holidays(2025)
    True
    """
    from holidays import country_holidays  # noqa: PLC0415  # 0.4 s that only calendars with holidays need

    return frozenset(country_holidays("BE", years=[year]))
