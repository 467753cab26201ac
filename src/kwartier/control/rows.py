"""The rows of a tick: every limit as room for controlled devices, from what meters show or, without one, from ratings.

For each row there are two ways to say how much the devices below may draw together, and both are right: the limit
less the rating of everything uncontrolled; or the limit less what the meter shows beyond the devices' own share, less
the largest rise within a setpoint's validity. The larger one counts. Where the meter shows more than the ratings
allow, the ratings are wrong, and the meter alone counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from kwartier.control.booking import Booking
from kwartier.control.facts import METER_AGE_S, MeterReading, OperatorLimit, TickFacts, is_usable
from kwartier.control.lines_before import LinesBefore
from kwartier.control.memory import LineMemory
from kwartier.control.wiring import ControlSite

FloatArray = npt.NDArray[np.float64]

# Meters of class 1 (EN 50470-3) err by a hundredth: so much more than the ratings is no proof against them.
RATING_SLACK_RATIO = 0.01
# Lowering a load between two lines lowers their currents by at least half of it: phasors there lie within 60 degrees.
SHED_FACTOR_OF_PAIRS = 2.0

RowKind = Literal["line", "power", "quarter"]


@dataclass(frozen=True)
class Row:
    """A bound on the devices together: `weight @ current <= room_size`, A on lines, W on powers.

    `room_size` is what they may draw now, `rise_room_size` the same for currents that are raised: from the largest
    load of the last minutes. `feed_room_size` is what batteries may feed together. `excess_size` is by how much the
    limit itself is exceeded at this moment, zero or less where it is not.
    """

    kind: RowKind
    board: str
    phase: str | None
    weight: FloatArray
    room_size: float
    rise_room_size: float
    feed_room_size: float
    excess_size: float
    limit_size: float


@dataclass(frozen=True)
class Rows:
    """All rows of a tick and what the next tick remembers of the lines."""

    rows: tuple[Row, ...]
    lines: Mapping[tuple[str, str], LineMemory]

    @property
    def weight(self) -> FloatArray:
        """Shape (rows, devices)."""
        return np.array([row.weight for row in self.rows])

    @property
    def room_size(self) -> FloatArray:
        """Shape (rows,)."""
        return np.array([row.room_size for row in self.rows])

    @property
    def rise_room_size(self) -> FloatArray:
        """Shape (rows,)."""
        return np.array([row.rise_room_size for row in self.rows])


def usable_meter(facts: TickFacts, board: str) -> MeterReading | None:
    """What the meter of a collector shows; None where it has none or the reading is too old."""
    reading = facts.meters.get(board)
    return reading if reading is not None and is_usable(reading.age_s, METER_AGE_S) else None


def limit_a_by_line(site: ControlSite, limits: Iterable[OperatorLimit]) -> FloatArray:
    """The limit of each line, A, those of the grid operator included."""
    limit_a = site.limit_a.copy()
    for limit in limits:
        if limit.current_a is None:
            continue
        for number, line in enumerate(site.lines):
            if line.board == limit.collector:
                limit_a[number] = min(limit_a[number], limit.current_a)
    return limit_a


def line_rows(
    site: ControlSite,
    facts: TickFacts,
    booked: tuple[Booking, ...],
    limit_a: FloatArray,
    before: LinesBefore,
) -> Rows:
    """One row per line."""
    weights = np.array([device.weight(one.pins) for device, one in zip(site.devices, booked, strict=True)])
    weight = weights.T if len(booked) else np.zeros((len(site.lines), 0))
    credit_a = sum((one.credit_a_by_line for one in booked), np.zeros(len(site.lines)))
    unknown_a = weight @ _unmeasured_a(booked)
    rows: list[Row] = []
    lines: dict[tuple[str, str], LineMemory] = {}
    for number, line in enumerate(site.lines):
        meter = usable_meter(facts, line.board)
        metered_a = None if meter is None else meter.signed_current_a(line.phase)
        high_a, most_a = site.uncontrolled_high_a[number], limit_a[number]
        key = (line.board, line.phase)
        low_a = site.uncontrolled_low_a[number]
        room_a = rise_a = most_a - high_a
        feed_a, excess_a = most_a + low_a, 0.0
        if metered_a is not None:
            other_a = metered_a - credit_a[number]
            lines[key] = before.seen(key, other_a)
            jump_a = facts.jump_a.get(line.board, {}).get(line.phase, np.inf)
            now_a = left_size(most_a, other_a, jump_a, high_a)
            steady_a = left_size(most_a, lines[key].highest_size, jump_a, high_a)
            excess_a = abs(metered_a) - most_a
            feed_a = max(feed_a, most_a + min(0.0, max(low_a, other_a - jump_a)))
            if other_a - unknown_a[number] > high_a * (1 + RATING_SLACK_RATIO):
                room_a, rise_a = now_a, steady_a
            else:
                room_a, rise_a = max(room_a, now_a), max(rise_a, steady_a)
            if line.is_conductor_of_pairs and excess_a > 0:  # a size tells no direction
                feed_a = min(feed_a, most_a + low_a)
                room_a -= (SHED_FACTOR_OF_PAIRS - 1.0) * excess_a
        rooms_a = (room_a, min(room_a, rise_a), feed_a, excess_a, most_a)
        rows.append(Row("line", *key, weight[number], *(float(one) for one in rooms_a)))
    return Rows(tuple(rows), lines)


def _unmeasured_a(booked: tuple[Booking, ...]) -> FloatArray:
    """What each device that does not measure may be drawing, A; 0 for those that do."""
    return np.array([0.0 if one.measured_a is not None else max(0.0, one.possible_a) for one in booked])


def left_size(limit_size: float, other_size: float, jump_size: float, rating_size: float) -> float:
    """The limit less an uncontrolled load that may rise, but not above its rating."""
    return limit_size - other_size - max(0.0, min(jump_size, rating_size - other_size))


def power_row(
    site: ControlSite, facts: TickFacts, booked: tuple[Booking, ...], limit: OperatorLimit
) -> Row | None:
    """The row of a limit on the power of a collector, W; None where it limits a current or names no collector."""
    is_of_power = limit.offtake_w is not None or limit.injection_w is not None
    if not is_of_power or limit.collector not in site.tree.boards:
        return None
    offtake_w = np.inf if limit.offtake_w is None else limit.offtake_w
    injection_w = np.inf if limit.injection_w is None else limit.injection_w
    weight = watts_per_ampere(site, booked, limit.collector)
    high_w, low_w = _rated_power_w(site, limit.collector)
    room_w, feed_w, excess_w = offtake_w - high_w, injection_w + low_w, 0.0
    power_w = metered_power_w(site, facts, limit.collector)
    if power_w is not None:
        other_w = power_w - float(weight @ np.array([one.surely_a for one in booked]))
        unknown_w = float(weight @ _unmeasured_a(booked))
        jump_w = _jump_w(site, facts, limit.collector)
        now_w = left_size(offtake_w, other_w, jump_w, high_w)
        is_rating_wrong = other_w - unknown_w > high_w * (1 + RATING_SLACK_RATIO)
        room_w = now_w if is_rating_wrong else max(room_w, now_w)
        feed_w = max(feed_w, injection_w + min(0.0, max(low_w, other_w - jump_w)))
        excess_w = max(power_w - offtake_w, -power_w - injection_w)
    most_w = offtake_w if limit.offtake_w is not None else injection_w
    return Row("power", limit.collector, None, weight, room_w, room_w, feed_w, excess_w, most_w)


def _rated_power_w(site: ControlSite, board: str) -> tuple[float, float]:
    """The most that uncontrolled devices below a collector draw, and feed (negative), W."""
    below = [one for one in site.uncontrolled if board in site.boards_above[one.board]]
    high_w = sum(max(0.0, one.high_a) * one.voltage_v * one.phasor_weight.shape[1] for one in below)
    low_w = sum(min(0.0, one.low_a) * one.voltage_v * one.phasor_weight.shape[1] for one in below)
    return high_w, low_w


def _jump_w(site: ControlSite, facts: TickFacts, board: str) -> float:
    """The largest rise of uncontrolled power below a collector within a setpoint's validity, W; infinite if unknown."""
    jumps_a, of_board = facts.jump_a.get(board, {}), site.tree.boards[board]
    known = all(phase in jumps_a for phase in of_board.phases)
    return sum(jumps_a.values()) * of_board.voltage_v if known else np.inf


def watts_per_ampere(site: ControlSite, booked: tuple[Booking, ...], board: str) -> FloatArray:
    """Power of 1 A per pin of each device below a collector, W; 0 for the others, shape (devices,)."""
    return np.array(
        [
            device.watts_per_ampere(one.pins) if board in site.boards_above[device.board] else 0.0
            for device, one in zip(site.devices, booked, strict=True)
        ]
    )


def metered_power_w(site: ControlSite, facts: TickFacts, board: str) -> float | None:
    """The power of a collector as its meter shows it, W; from currents at nominal voltage where it tells no power."""
    meter = usable_meter(facts, board)
    if meter is None:
        return None
    if meter.power_w is not None:
        return meter.power_w
    phases = site.tree.boards[board].phases
    currents_a = [meter.signed_current_a(phase) for phase in phases]
    if site.tree.boards[board].three_wire or any(current_a is None for current_a in currents_a):
        return None
    return sum(current_a or 0.0 for current_a in currents_a) * site.tree.boards[board].voltage_v
