"""What happened where a running total moved as no flow of energy can move it."""

from collections.abc import Iterator
from dataclasses import dataclass

from kwartier.site.metering.counter_finding import CounterFault

# Registers end at a power of ten of their digits (5 to 9 digits of Wh, 0.01 kWh or kWh), or of two in their memory.
REGISTER_ENDS_WH = (*(10.0**digits for digits in range(5, 13)), 2.0**31, 2.0**32)
# Of a small total nobody can tell a change of unit from a reset.
SCALED_FROM_WH = 100_000.0
# A step of up to so many times the largest possible flow is a wrong reading; beyond, it is another meter.
SAME_METER_FACTOR = 20.0
SAME_METER_SHARE = 0.01


@dataclass(frozen=True)
class CounterStep:
    """The total before and after, the size of the flow that the powers tell, and the largest possible flow; all Wh."""

    before_wh: float
    after_wh: float
    flow_wh: float
    largest_wh: float


def fault_of_step(step: CounterStep) -> CounterFault:
    """The likeliest reason of an impossible step.

    Each reason that would change the total (a register's end, a reset, a unit, a digit) says how much really flowed; of
    those that make sense, the one nearest to the powers is taken. Where none does, the size of the step decides.

    >>> fault_of_step(CounterStep(99_990.0, 40.0, 50.0, 100.0))
    'rollover'
    >>> fault_of_step(CounterStep(2_000_000.0, 2_000.05, 50.0, 100.0))
    'unit_swap'
    """
    possible = [
        (abs(flowed_wh - step.flow_wh), fault)
        for fault, flowed_wh, error_wh in _reasons(step)
        if -error_wh <= flowed_wh <= step.largest_wh + error_wh
    ]
    return min(possible)[1] if possible else _by_size(step)


def _reasons(step: CounterStep) -> Iterator[tuple[CounterFault, float, float]]:
    """Each reason with the energy that then flowed and the error of that figure, Wh."""
    before_wh, after_wh = step.before_wh, step.after_wh
    if after_wh < before_wh:
        for end_wh in REGISTER_ENDS_WH:
            if before_wh <= end_wh and after_wh >= 0:
                yield "rollover", end_wh - before_wh + after_wh, 0.0
        if 0 <= after_wh <= before_wh / 2:
            yield "reset", after_wh, 0.0
    if max(before_wh, after_wh) < SCALED_FROM_WH or min(before_wh, after_wh) <= 0:
        return
    faults: tuple[tuple[CounterFault, float], ...] = (("unit_swap", 1000.0), ("tenfold_jump", 10.0))
    for fault, factor in faults:
        # Which of the two readings is on the right scale nobody knows. What a coarser scale cuts off behind the point
        # is up to one unit of it.
        down, up = (after_wh, before_wh) if after_wh < before_wh else (before_wh, after_wh)
        sign = 1.0 if after_wh < before_wh else -1.0
        yield fault, sign * (down * factor - up), factor
        yield fault, sign * (down - up / factor), 1.0


def _by_size(step: CounterStep) -> CounterFault:
    size_wh = abs(step.after_wh - step.before_wh)
    is_small = size_wh <= SAME_METER_FACTOR * step.largest_wh
    if step.after_wh > step.before_wh:
        return "tenfold_jump" if is_small else "meter_replaced"
    if is_small or size_wh <= SAME_METER_SHARE * abs(step.before_wh):
        return "step_back"
    return "meter_replaced"
