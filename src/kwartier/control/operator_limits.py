"""The grid operator's limits have authority over everything (R24); without its heartbeat a failsafe value holds.

The states are those of the power limitation of EEBUS (use case LPC, as VDE-AR-N 4100 and VDE-AR-E 2829-6 ask for it):
a missed heartbeat brings the failsafe value for at least two hours, and only a heartbeat together with a limit that
came after it ends it. A service that has just started cannot know what was asked before: it begins with the failsafe
value, and leaves it on the first heartbeat with a limit, because nothing was lost.
"""

from dataclasses import dataclass
from datetime import datetime

from kwartier.control.events import OperatorFailsafe
from kwartier.control.facts import OperatorFacts, OperatorLimit, TickFacts, is_usable
from kwartier.control.memory import OperatorMemory

# R24 of the requirements; EEBUS LPC: a heartbeat at least every 60 s, missed after 120 s; failsafe for 2 to 24 h.
HEARTBEAT_AGE_S = 120.0
LEAST_FAILSAFE_S = 7200.0


@dataclass(frozen=True)
class OperatorState:
    """The limits in force, what is remembered (None: no source of limits is configured), and what changed."""

    limits: tuple[OperatorLimit, ...]
    memory: OperatorMemory | None
    event: OperatorFailsafe | None = None


def operator_state(facts: TickFacts, before: OperatorMemory | None) -> OperatorState:
    """What the grid operator allows at this instant: in force with the command that this tick sends."""
    operator = facts.operator
    if operator is None:
        return OperatorState((), None)
    now, event = _moved(operator, before, facts.clock_s)
    active = tuple(limit for limit in operator.limits if _is_active(limit, facts.at))
    # A limit that is lower than the failsafe value still holds: no one has taken it back.
    return OperatorState((*operator.failsafe, *active) if now.is_failsafe else active, now, event)


def is_heartbeat_missed(age_s: float | None) -> bool:
    """Whether the last heartbeat is too old, from a wrong clock, or never came (None).

    >>> is_heartbeat_missed(120.0), is_heartbeat_missed(121.0), is_heartbeat_missed(None)
    (False, True, True)
    """
    return age_s is None or not is_usable(age_s, HEARTBEAT_AGE_S)


def _is_active(limit: OperatorLimit, at: datetime) -> bool:
    return (limit.start is None or limit.start <= at) and (limit.end is None or at < limit.end)


def _moved(
    operator: OperatorFacts, before: OperatorMemory | None, clock_s: float
) -> tuple[OperatorMemory, OperatorFailsafe | None]:
    alive = not is_heartbeat_missed(operator.heartbeat_age_s)
    if before is None:
        started = OperatorMemory(is_failsafe=True, since_clock_s=clock_s, is_start_up=True)
        return started, OperatorFailsafe(is_in_force=True, reason="just started: nothing heard yet")
    if not before.is_failsafe:
        if alive:
            return before, None
        reason = f"no heartbeat of the grid operator for {HEARTBEAT_AGE_S:.0f} s"
        return OperatorMemory(is_failsafe=True, since_clock_s=clock_s), OperatorFailsafe(
            is_in_force=True, reason=reason
        )
    failsafe_s = clock_s - before.since_clock_s
    has_fresh_limit = operator.limits_age_s is not None and operator.limits_age_s <= failsafe_s
    is_over = before.is_start_up or failsafe_s >= LEAST_FAILSAFE_S
    if alive and has_fresh_limit and is_over:
        reason = "heartbeat and a fresh limit of the grid operator"
        return OperatorMemory(is_failsafe=False, since_clock_s=clock_s), OperatorFailsafe(
            is_in_force=False, reason=reason
        )
    return before, None
