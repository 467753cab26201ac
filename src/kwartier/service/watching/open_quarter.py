"""The open quarter-hour of a connection: what has flowed, where it is heading, and the peaks planned for it."""

import json
from collections.abc import Iterable, Sequence

from kwartier.control.planned_peak import PlannedPeak
from kwartier.service.measurement_row import MeasurementRow
from kwartier.service.watching.site_now import PeakNow, QuarterNow
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, from_epoch_s


def open_quarter(
    root: str, start_s: int, rows: Sequence[MeasurementRow], peaks: Iterable[PlannedPeak]
) -> QuarterNow | None:
    """The quarter-hour from `start_s`, epoch seconds, as the readings in it tell; None without any.

    `rows` are those of the root's meter in their order, the last one before the quarter-hour among them where there is
    one. Between two readings their mean power flowed, before the first of all its own; after the last one its power
    goes on to the end.
    """
    inside = [row for row in rows if row.measured_us >= start_s * 1_000_000]
    if not inside:
        return None
    used_wh, expected_wh = _energy_wh(rows, start_s, None)
    planned = [
        PeakNow(peak.phase, _energy_wh(rows, start_s, peak.phase)[1] / QUARTER_H, peak.highest_w)
        for peak in peaks
        if peak.root == root and (peak.phase is None or _power_w(inside[-1], peak.phase) is not None)
    ]
    return QuarterNow(root, from_epoch_s(start_s), used_wh, expected_wh, tuple(planned))


def _energy_wh(rows: Sequence[MeasurementRow], start_s: int, phase: PhaseName | None) -> tuple[float, float]:
    """The energy so far and at the end of the quarter-hour, Wh; of one phase or, None, of all."""
    points = [
        (row.measured_us / 1e6, power_w) for row in rows if (power_w := _power_w(row, phase)) is not None
    ]
    used_ws, (before_s, before_w) = 0.0, (float(start_s), points[0][1])
    if points[0][0] < start_s:
        before_s, before_w = points.pop(0)
    for at_s, power_w in points:
        length_s = at_s - max(before_s, float(start_s))
        used_ws += (before_w + power_w) / 2.0 * length_s
        before_s, before_w = at_s, power_w
    left_s = start_s + QUARTER_S - max(before_s, float(start_s))
    return used_ws / 3600.0, (used_ws + before_w * left_s) / 3600.0


def _power_w(row: MeasurementRow, phase: PhaseName | None) -> float | None:
    """What the meter measured then, W; None where it does not tell the phase."""
    if phase is None:
        return row.power_w
    pins: dict[str, dict[str, float]] = json.loads(row.pins) if row.pins else {}
    return pins.get(phase, {}).get("powerValue")
