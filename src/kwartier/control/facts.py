"""The facts of a tick: what is known about a site at one instant, each with its age, frozen for the whole tick.

Ages come from a clock that does not jump: the caller subtracts on its monotonic clock what it received when, and adds
what a reading was old on arrival. A reading from the future has a negative age. What is too old, from the future or
missing is replaced by its safe substitute, never by zero:

| fact | greatest age | safe substitute |
|---|---|---|
| current of a metered collector | 60 s | devices below it go to their fallback; the load there is at its rating |
| a phase that a meter does not tell | | the load on it is at its rating |
| a load's largest jump | | the load rises to its rating |
| current or power of a device | 60 s | it draws the most it may, and is not credited with what a meter shows |
| state of charge of a battery | 300 s | the guard does not discharge it, the plan may |
| which poles are occupied | | all of them, each car on all its pole's pins |
| acknowledgements | | every setpoint that was sent and has not ended may be in force |
| plan | 17 min, then see the ladder | an equal share, then the floor |
| grid operator's heartbeat | 120 s | the failsafe value |
| energy of the open quarter-hour | 60 s | no peak is held beyond what the plan does |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from kwartier.planning.plan import Plan
from kwartier.units.phase import PhaseName

# reliability.md, section 6: a share follows a meter "while meter <= 60 s old"; R26 gives a device the same time.
METER_AGE_S = 60.0
DEVICE_AGE_S = 60.0
QUARTER_AGE_S = 60.0
# contract.md, section 2: what has not been heard of for 5 min is reported as late.
CHARGE_AGE_S = 300.0
# R33: a reading from further in the future has a wrong clock and is not used for control.
AHEAD_S = 300.0


def is_usable(age_s: float, greatest_age_s: float) -> bool:
    """Whether a reading of this age may be used; a not-a-number never.

    >>> is_usable(60.0, 60.0), is_usable(61.0, 60.0), is_usable(-300.5, 60.0)
    (True, False, False)
    """
    return -AHEAD_S <= age_s <= greatest_age_s


@dataclass(frozen=True)
class MeterReading:
    """What a collector's meter says: currents per phase, A, and its whole power, W; positive when consumed.

    Many meters tell the size of a current only: with `power_w_by_phase` the sign is that of the power. A phase that is
    absent was not told.
    """

    age_s: float
    current_a_by_phase: Mapping[PhaseName, float]
    power_w: float | None = None
    power_w_by_phase: Mapping[PhaseName, float] | None = None

    def signed_current_a(self, phase: PhaseName) -> float | None:
        """The current of a phase, A, negative where its power flows out; None where it was not told."""
        current_a = self.current_a_by_phase.get(phase)
        power_w = None if self.power_w_by_phase is None else self.power_w_by_phase.get(phase)
        if current_a is None or power_w is None:
            return current_a
        return -abs(current_a) if power_w < 0 else abs(current_a)


@dataclass(frozen=True)
class DeviceReading:
    """What a pole or battery measures: A per pin (AC poles), W, percent; None where it was not told."""

    age_s: float
    current_a_by_pin: Mapping[str, float] | None = None
    power_w: float | None = None
    state_of_charge: float | None = None


@dataclass(frozen=True)
class Occupied:
    """A car at a pole.

    `pins` it charges on (None: unknown, any of the pole's), the most it takes per pin (A, None: unknown), whether it
    takes power now (`SuspendedEV` does not), and its priority: the higher number is served first and shed last.
    """

    transaction_id: str
    pins: frozenset[str] | None = None
    most_a: float | None = None
    is_taking: bool = True
    priority: int = 0


@dataclass(frozen=True)
class Acknowledgement:
    """What a device answered to the setpoint with this `valid_from`; a refused one is not in force."""

    valid_from: datetime
    is_accepted: bool = True


@dataclass(frozen=True)
class PlanInForce:
    """A plan that `check_plan` passed. `last_safe`: an older one, carried on and re-checked against present facts.

    `decided_at` is when the plan was solved: for a carried-on plan the moment of the one it carries on.
    """

    plan: Plan
    decided_at: datetime
    origin: Literal["new", "last_safe"] = "new"


@dataclass(frozen=True)
class QuarterTarget:
    """The peak that the open quarter-hour must not exceed at a root, as its tariff counts it.

    `highest_w` is the planned average over the quarter-hour, `used_wh` what the meter counted in it so far, both of all
    phases netted (phase None) or of one phase; positive for offtake.
    """

    root: str
    highest_w: float
    used_wh: float
    age_s: float
    phase: PhaseName | None = None


@dataclass(frozen=True)
class OperatorLimit:
    """A limit of the grid operator for a collector: one of offtake, injection (W) or current (A per phase)."""

    collector: str
    offtake_w: float | None = None
    injection_w: float | None = None
    current_a: float | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class OperatorFacts:
    """What a configured source of grid operator limits says; a site without such a source has none of these.

    `heartbeat_age_s` None: not heard since start-up. `limits_age_s` is the age of the last message with limits, None
    where none came. `failsafe` holds while the source is silent.
    """

    failsafe: tuple[OperatorLimit, ...]
    heartbeat_age_s: float | None = None
    limits_age_s: float | None = None
    limits: tuple[OperatorLimit, ...] = ()


@dataclass(frozen=True)
class TickFacts:
    """Everything a tick looks at. `at` is the wall clock (UTC), `clock_s` a clock in seconds that never jumps.

    `meters` by collector, `devices` by name, `occupied` by pole (None: nobody knows), `jump_a` the largest rise of
    uncontrolled current within a setpoint's validity per collector and phase, as history shows it. `stop` is why all
    must stop (a protection signal), None where nothing asks for it.
    """

    at: datetime
    clock_s: float
    meters: Mapping[str, MeterReading] = field(default_factory=lambda: MappingProxyType({}))
    devices: Mapping[str, DeviceReading] = field(default_factory=lambda: MappingProxyType({}))
    occupied: Mapping[str, Occupied] | None = None
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=lambda: MappingProxyType({}))
    plan: PlanInForce | None = None
    quarter: tuple[QuarterTarget, ...] = ()
    operator: OperatorFacts | None = None
    jump_a: Mapping[str, Mapping[PhaseName, float]] = field(default_factory=lambda: MappingProxyType({}))
    stop: str | None = None
