"""The day and night hours of Belgian two-rate contracts, by grid area and date."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kwartier.site.dso.wallonia import WALLOON_DSOS

# Flanders and Brussels; Wallonia until 2025: Monday to Friday, 07:00 to 22:00.
DAY_HOURS = range(7, 22)

# Wallonia since 2026-01-01 (ORES): the "heures pleines" 07-11 and 17-22 of every day, weekends and holidays too.
WALLONIA_DAY_HOURS = (*range(7, 11), *range(17, 22))
WALLONIA_CHANGES_ON = date(2026, 1, 1)


def is_day(moment_s: float, zone: ZoneInfo, dso: str | None) -> bool:
    """Whether a moment (seconds since 1970) is charged at the day rate in an operator's area."""
    local = datetime.fromtimestamp(moment_s, UTC).astimezone(zone)
    if dso in WALLOON_DSOS and local.date() >= WALLONIA_CHANGES_ON:
        return local.hour in WALLONIA_DAY_HOURS
    if local.weekday() >= 5 or (dso == "Sibelga" and local.date() in holidays(local.date())):
        return False
    return local.hour in DAY_HOURS


def holidays(day: date) -> set[date]:
    """The ten legal holidays of Belgium in a day's year (law of 4 January 1974 and royal decree of 18 April 1974)."""
    year = day.year
    easter = _easter(year)
    moving = {easter + timedelta(days=after) for after in (1, 39, 50)}
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return moving | {date(year, month, in_month) for month, in_month in fixed}


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (J. Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, before = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, before + 1)
