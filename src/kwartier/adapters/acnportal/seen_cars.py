"""What acnportal's interface tells of cars over time: how much current each of them takes, and who was here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kwartier.forecasting.charging_session import PastSession

LEAST_CURRENT_A = 6.0
# A car that draws this much less than its pilot is at its own limit, as acnportal's SimpleRampdown has it.
SLACK_A = 1.0


class SessionInfo(Protocol):
    """What of acnportal's `SessionInfo` is read; times in periods since the simulation's start, energies in kWh."""

    station_id: str
    session_id: str
    requested_energy: float
    energy_delivered: float
    arrival: int
    estimated_departure: int


@dataclass
class SeenCars:
    """The largest current that each car has shown to take, A; none of a car that takes all that it is offered.

    `seen` holds every car as it was told of last.
    """

    bound_a: dict[str, float] = field(default_factory=dict)
    seen: dict[str, SessionInfo] = field(default_factory=dict)

    def note(
        self, sessions: Iterable[SessionInfo], offered_a: Mapping[str, float], taken_a: Mapping[str, float]
    ) -> None:
        """Look at the last period: a car below its pilot has shown its limit, one at its limit may take more again."""
        for session in sessions:
            key = session.session_id
            self.seen[key] = session
            if key not in offered_a or key not in taken_a:
                continue
            bound_a = self.bound_a.get(key)
            if offered_a[key] - taken_a[key] > SLACK_A:
                self.bound_a[key] = max(LEAST_CURRENT_A, taken_a[key] + SLACK_A)
            elif bound_a is not None and bound_a - taken_a[key] < SLACK_A:
                self.bound_a[key] = bound_a + SLACK_A

    def gone(self, present: Sequence[SessionInfo], begin_s: float, period_s: float) -> list[PastSession]:
        """The cars that want nothing more; `begin_s` is the simulation's start, epoch seconds."""
        here = {session.session_id for session in present}
        return [
            PastSession(
                pole=one.station_id,
                badge=None,
                start_s=begin_s + one.arrival * period_s,
                stop_s=begin_s + one.estimated_departure * period_s,
                energy_wh=1000.0 * one.requested_energy,
            )
            for key, one in self.seen.items()
            if key not in here
        ]
