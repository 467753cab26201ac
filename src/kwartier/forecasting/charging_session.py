"""Charging sessions as forecasts know them: those that are over, and those that run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PastSession:
    """A charging session that is over. `badge` is its id tag, None where none was shown; times in epoch seconds.

    `energy_wh` is what was charged, None where nobody knows.
    """

    pole: str
    badge: str | None
    start_s: float
    stop_s: float
    energy_wh: float | None


@dataclass(frozen=True)
class PresentSession:
    """A car that is at a pole at the moment `at_s`, epoch seconds. `charged_wh` is what it has got so far.

    `is_dc` says that the pole charges with direct current, where cars stay for minutes and not for hours.
    """

    pole: str
    badge: str | None
    start_s: float
    at_s: float
    charged_wh: float = 0.0
    is_dc: bool = False
