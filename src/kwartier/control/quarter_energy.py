"""Hold the open quarter-hour's energy under its planned peak: on the average, as the tariff counts it, not the instant.

What may still flow is the planned average times a quarter-hour, less what the meter has counted, spread over the time
that is left. A high load early in the quarter-hour is made good later in it; near its end much more may flow than the
average, and the fuses' own rows bound it. This is the arithmetic that is safe at once; re-solving with what the
quarter-hour has used finds the cheaper answer where there is time.
"""

import numpy as np

from kwartier.control.booking import Booking
from kwartier.control.facts import QUARTER_AGE_S, QuarterTarget, TickFacts, is_usable
from kwartier.control.memory import LineMemory
from kwartier.control.rows import FloatArray, Row, metered_power_w, watts_per_ampere
from kwartier.control.wiring import ControlSite
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, quarter_start_s

# With less left, what flows changes the average by less than a meter of class 1 errs (1 %).
LEAST_LEFT_S = 9.0
# A load that rises later than this can't be made good: then its highest of the last minutes counts, not its mean.
LATE_S = 120.0


def hours_left_h(facts: TickFacts) -> float:
    """What is left of the open quarter-hour, h."""
    at_s = epoch_s(facts.at)
    return max(LEAST_LEFT_S, quarter_start_s(at_s) + QUARTER_S - at_s) / 3600.0


def allowed_w(target: QuarterTarget, left_h: float) -> float:
    """The mean power that keeps the quarter-hour's average at its target, W.

    >>> allowed_w(QuarterTarget("main", highest_w=40_000.0, used_wh=8_000.0, age_s=0.0), left_h=0.125)
    16000.0
    """
    return (target.highest_w * QUARTER_H - target.used_wh) / left_h


def memory_key(target: QuarterTarget) -> tuple[str, str]:
    """Under which key the rest of a root's load is remembered between ticks."""
    return (target.root, f"quarter {target.phase or 'of all phases'}")


def other_power_w(
    site: ControlSite, facts: TickFacts, booked: tuple[Booking, ...], target: QuarterTarget
) -> float | None:
    """What flows beside the controlled devices where a peak is counted, W; None where the meter does not say."""
    power_w = _metered_w(site, facts, target)
    if power_w is None or not is_usable(target.age_s, QUARTER_AGE_S):
        return None
    return power_w - float(_weight(site, booked, target) @ np.array([one.surely_a for one in booked]))


def quarter_row(
    site: ControlSite,
    facts: TickFacts,
    booked: tuple[Booking, ...],
    target: QuarterTarget,
    others: LineMemory,
) -> Row:
    """The row of a planned peak, W. `others` is what flows beside the devices, W: its mean now and its largest."""
    left_h = hours_left_h(facts)
    most_w = allowed_w(target, left_h)
    late = left_h * 3600.0 < LATE_S
    expected_w = max(others.mean_size, others.highest_size) if late else others.mean_size
    # What cannot be kept even with everything shed: the average that the rest alone makes.
    unavoidable_w = (target.used_wh + max(0.0, others.mean_size) * left_h) / QUARTER_H
    return Row(
        kind="quarter",
        board=target.root,
        phase=target.phase,
        weight=_weight(site, booked, target),
        room_size=most_w - expected_w,
        rise_room_size=most_w - others.highest_size,
        feed_room_size=np.inf,
        excess_size=unavoidable_w - target.highest_w,
        limit_size=target.highest_w,
    )


def _weight(site: ControlSite, booked: tuple[Booking, ...], target: QuarterTarget) -> FloatArray:
    weight = watts_per_ampere(site, booked, target.root)
    return weight if target.phase is None else _on_phase(site, booked, target, weight)


def _metered_w(site: ControlSite, facts: TickFacts, target: QuarterTarget) -> float | None:
    board = site.tree.boards.get(target.root)
    if board is None or (target.phase is not None and target.phase not in board.phases):
        return None
    if target.phase is None:
        return metered_power_w(site, facts, target.root)
    meter = facts.meters.get(target.root)
    if meter is None or meter.power_w_by_phase is None or not is_usable(meter.age_s, QUARTER_AGE_S):
        return None
    return meter.power_w_by_phase.get(target.phase)


def _on_phase(
    site: ControlSite, booked: tuple[Booking, ...], target: QuarterTarget, weight: FloatArray
) -> FloatArray:
    """The part of each device's power that its root counts on one phase."""
    number = next(
        n for n, line in enumerate(site.lines) if (line.board, line.phase) == (target.root, target.phase)
    )
    on_line = [
        device.weight(one.pins)[number] * device.voltage_v
        for device, one in zip(site.devices, booked, strict=True)
    ]
    return np.minimum(weight, on_line)
