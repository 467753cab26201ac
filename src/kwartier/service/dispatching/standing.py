"""Where a site stands: its rung of the safety ladder and the setpoints in force, as the control said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.control.setpoint import Rung, Setpoint

# The control says so each minute at least; what is older comes from a process that is gone.
LATEST = timedelta(seconds=150)


@dataclass(frozen=True)
class StoodOn:
    """A rung, and when the control said last that a site stood on it."""

    rung: Rung
    at: datetime

    def rung_at(self, moment: datetime) -> Rung | None:
        """The rung; None where the control has been silent for too long to know."""
        return self.rung if timedelta(0) <= moment - self.at <= LATEST else None


@dataclass(frozen=True)
class SiteStanding:
    """The rung, why, and the setpoints that are in force at a moment."""

    at: datetime
    rung: Rung
    reason: str
    setpoints: Sequence[Setpoint]

    def in_force(self, at: datetime) -> Sequence[Setpoint] | None:
        """The setpoints that still hold; None where the control has been silent for too long to know."""
        if not timedelta(0) <= at - self.at <= LATEST:
            return None
        return tuple(one for one in self.setpoints if one.valid_until > at)
