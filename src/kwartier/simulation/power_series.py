"""What the sun gives and a building takes at a moment: from a series by the clock, or from a simple shape."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import pi, sin
from zoneinfo import ZoneInfo

from kwartier.planning.request import RESOLUTION_S, SeriesForecast
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.tree import Board
from kwartier.units.phase import PhaseName

PowerSeries = Callable[[datetime], Mapping[PhaseName, float]]
"""W per phase of the device's board at a moment, negative when delivered."""

DAY = timedelta(days=1)
# Simple shapes for a site without data, ours, in shares of the rating: sun from 6 to 18 o'clock; a building that
# sleeps and works.
SUN_SHARE, SUNRISE_H, SUNSET_H = 0.7, 6.0, 18.0
NIGHT_SHARE, DAY_SHARE, DAY_BEGINS_H, DAY_ENDS_H = 0.1, 0.3, 7.0, 19.0


def told_series(told: SeriesForecast, board: Board, zone: ZoneInfo) -> PowerSeries:
    """The series by its clock time, its whole days in turns; a gap repeats what was before it.

    A total is spread evenly over the board's phases. Raises ValueError for a series of less than a day.
    """
    step = timedelta(seconds=RESOLUTION_S[told.resolution])
    by_phase = told.power_w if isinstance(told.power_w, dict) else None
    total_w = _filled(told.power_w) if not isinstance(told.power_w, dict) else []
    phases_w = {phase: _filled(values) for phase, values in (by_phase or {}).items()}
    length = min([len(values) for values in phases_w.values()] or [len(total_w)])
    count = length * step // DAY * (DAY // step)
    if count == 0:
        raise ValueError("a series must cover a day or more")
    start = told.start.astimezone(zone).replace(tzinfo=None)

    def at_moment(at: datetime) -> dict[PhaseName, float]:
        index = (at.astimezone(zone).replace(tzinfo=None) - start) // step % count
        if by_phase is None:
            return {phase: total_w[index] / len(board.phases) for phase in board.phases}
        return {phase: phases_w[phase][index] if phase in phases_w else 0.0 for phase in board.phases}

    return at_moment


def simple_series(device: ForecastedSeries3Phase, board: Board, zone: ZoneInfo) -> PowerSeries:
    """A day that looks like one, the same every day."""
    rating_w = device.line_current * board.voltage_v

    def at_moment(at: datetime) -> dict[PhaseName, float]:
        local = at.astimezone(zone)
        hour = local.hour + local.minute / 60
        if device.forecast_type == "pv":
            height = sin(pi * (hour - SUNRISE_H) / (SUNSET_H - SUNRISE_H))
            share = -SUN_SHARE * max(0.0, height) if SUNRISE_H < hour < SUNSET_H else 0.0
        else:
            share = DAY_SHARE if DAY_BEGINS_H <= hour < DAY_ENDS_H else NIGHT_SHARE
        return dict.fromkeys(board.phases, share * rating_w)

    return at_moment


def _filled(values: Sequence[float | None]) -> list[float]:
    filled: list[float] = []
    for value in values:
        filled.append(value if value is not None else filled[-1] if filled else 0.0)
    return filled
