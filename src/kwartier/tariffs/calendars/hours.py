"""The hours of a time-of-use calendar as its file writes them: "Mon-Fri 07:00-22:00"."""

import re

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

QUARTERS_PER_DAY_COUNT = 96

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_SPANS = {"every": range(7), "Mon-Fri": range(5), "Sat-Sun": range(5, 7)}
_DAY_SPANS |= {name: range(number, number + 1) for number, name in enumerate(_DAYS)}
_LINE = re.compile(
    rf"(?P<days>{'|'.join(_DAY_SPANS)}) "
    r"(?P<from>[01]\d|2[0-3]):(?P<from_min>00|15|30|45)-(?P<to>[01]\d|2[0-4]):(?P<to_min>00|15|30|45)"
)


def quarters_of_week(lines: list[str]) -> npt.NDArray[np.bool_]:
    """Which quarter-hours of a week the lines name, shape (7, 96): Monday first, in local legal time.

    Raises ValueError for a line that is not `DAYS HH:MM-HH:MM` on quarter-hours, with an end after its start.

    >>> int(quarters_of_week(["Mon-Fri 07:00-22:00"]).sum())
    300
    """
    week = np.zeros((7, QUARTERS_PER_DAY_COUNT), dtype=bool)
    for line in lines:
        found = _LINE.fullmatch(line)
        first, last = (_quarter(found, "from"), _quarter(found, "to")) if found else (0, 0)
        if not found or not first < last <= QUARTERS_PER_DAY_COUNT:
            raise ValueError(
                f"{line!r} names no hours; write such as 'Mon-Fri 07:00-22:00' or 'every 22:00-24:00', on "
                "quarter-hours, hours past midnight as a line of their own"
            )
        for day in _DAY_SPANS[found["days"]]:
            week[day, first:last] = True
    return week


def _quarter(line: re.Match[str], end: str) -> int:
    return int(line[end]) * 4 + int(line[f"{end}_min"]) // 15
