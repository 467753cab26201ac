"""The time-of-use calendars that come with kwartier, one TOML file each."""

from functools import cache
from pathlib import Path

from kwartier.tariffs.calendars.time_of_use import TimeOfUseCalendar
from kwartier.tariffs.toml_file import read_toml

__all__ = ["CALENDAR_IDS", "TimeOfUseCalendar", "calendar_named"]

_FOLDER = Path(__file__).parent

CALENDAR_IDS: tuple[str, ...] = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def calendar_named(calendar_id: str) -> TimeOfUseCalendar:
    """The calendar with this id; raises ValueError where there is none.

    >>> calendar_named("walloon-bihoraire").periods
    ('HP', 'HC')
    """
    if calendar_id not in CALENDAR_IDS:
        raise ValueError(f"there is no calendar {calendar_id!r}; write one of {', '.join(CALENDAR_IDS)}")
    return TimeOfUseCalendar.model_validate(read_toml(_FOLDER / f"{calendar_id}.toml"))
