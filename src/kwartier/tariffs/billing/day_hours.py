"""Which quarter-hours a two-rate contract bills at its day price, by the grid area the site is in."""

from datetime import tzinfo

from kwartier.site.dso import Dso, Sibelga, WalloonDso
from kwartier.tariffs.calendars import calendar_named
from kwartier.tariffs.meter.meter_series import BoolArray, IntArray


def is_day_mask(start_s: IntArray, dso: Dso | None, timezone: tzinfo) -> BoolArray:
    """Whether each quarter-hour has the day price, shape as `start_s` (epoch seconds); no DSO: as in Flanders.

    The hours and their sources stand in the calendars.
    """
    calendar, period = "flanders-day-night", "day"
    if isinstance(dso, Sibelga):
        calendar = "sibelga-day-night"
    elif isinstance(dso, WalloonDso):
        calendar, period = "walloon-bihoraire", "HP"
    return calendar_named(calendar).is_in(start_s, (period,), timezone)
