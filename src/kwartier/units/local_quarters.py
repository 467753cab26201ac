"""UTC quarter-hours on a local calendar: which local day and quarter of it, quick for a year of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kwartier.units.quarter_hour import QUARTER_S

IntArray = npt.NDArray[np.int64]

DAY_S = 86_400
EPOCH_ORDINAL = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def local_days_and_quarters(start_s: IntArray, timezone: tzinfo) -> tuple[IntArray, IntArray]:
    """The local day (proleptic ordinal, as `date.toordinal`) and quarter of that day (0 to 95) of each moment.

    `start_s` is UTC epoch seconds, shape (n,); both results too. On the day the clock goes forward quarters 8 to 11 do
    not occur, on the day it goes back they occur twice.
    """
    local_s = start_s + _offset_s(start_s, timezone)
    return local_s // DAY_S + EPOCH_ORDINAL, local_s % DAY_S // QUARTER_S


def _offset_s(start_s: IntArray, timezone: tzinfo) -> IntArray | int:
    """What to add to UTC: one look-up per UTC day, and one per moment on the few days with a clock change."""
    if not start_s.size:
        return start_s
    first_day, last_day = int(start_s.min()) // DAY_S, int(start_s.max()) // DAY_S
    at_midnight_s = _look_up_s(range(first_day * DAY_S, (last_day + 2) * DAY_S, DAY_S), timezone)
    if len(set(at_midnight_s)) == 1:
        return at_midnight_s[0]
    day_index = start_s // DAY_S - first_day
    offset_s = np.array(at_midnight_s)[day_index]
    changing = (np.diff(at_midnight_s) != 0)[day_index]
    offset_s[changing] = _look_up_s(start_s[changing].tolist(), timezone)
    return offset_s


def _look_up_s(moments_s: Iterable[int], timezone: tzinfo) -> list[int]:
    return [_offset_at_s(moment_s, timezone) for moment_s in moments_s]


@lru_cache(maxsize=4096)
def _offset_at_s(moment_s: int, timezone: tzinfo) -> int:
    # A local clock reading taken as if it were UTC lies exactly the offset after the moment.
    reading = datetime.fromtimestamp(moment_s, timezone)
    return int(reading.replace(tzinfo=UTC).timestamp()) - moment_s
