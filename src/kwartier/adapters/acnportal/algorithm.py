"""The planner behind acnportal's interface for scheduling algorithms."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from acnportal.algorithms import BaseAlgorithm

from kwartier.adapters.acnportal.network import (
    FloatArray,
    Json,
    overload_ratios,
    site_configuration,
    station_pairs,
)
from kwartier.adapters.acnportal.pilots import Stations, pilots_a
from kwartier.adapters.acnportal.request import Clock, Moment, interface_prices, plan_request
from kwartier.adapters.acnportal.seen_cars import SeenCars, SessionInfo
from kwartier.adapters.acnportal.taken import Taken
from kwartier.forecasting.charging_session import PastSession
from kwartier.forecasting.expected_arrivals import ExpectedArrival, expected_arrivals
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import GridLimit, PlanRequest
from kwartier.units.phase import PhaseName

# Plans anew with lower currents where a plan overloads what no board can say; what is left then, `pilots_a` sheds.
MOST_ROUNDS = 4
# So that the next round ends below the limit and not at it.
BELOW = 0.999
DAY_S = 86_400.0


class KwartierAlgorithm(BaseAlgorithm):  # type: ignore[misc]  # acnportal has no type hints
    """kwartier as an acnportal algorithm: plans in each period with what the interface tells then.

    It keeps room for the cars that are likely to come: as on the days before, which `past` tells of, and which it has
    seen itself. `timezone` is where days and the month of the demand charge begin, `days_count` (1 to 3) the plan's
    horizon. `schedule` raises UnsayableNetworkError for a network that a site document cannot describe.

    Example: `Simulator(caltech_acn(), KwartierAlgorithm(), events, start, period=15, signals={"tariff": tariff})`.
    """

    def __init__(
        self, *, timezone: str = "UTC", days_count: int = 1, past: Sequence[PastSession] = ()
    ) -> None:
        super().__init__()
        self.max_recompute = 1
        self._timezone = timezone
        self._days_count = days_count
        self._past = list(past)
        self._cars = SeenCars()
        self._taken = Taken()
        self._last: tuple[int, dict[str, tuple[int, float, float]]] = (0, {})
        self._configuration: Json | None = None
        self._pairs: list[PhaseName] = []

    def schedule(self, active_sessions: Sequence[SessionInfo]) -> dict[str, list[float]]:
        """The pilot of each station with a car for the present period, A."""
        stations: Stations = self.interface.infrastructure_info()
        if self._configuration is None:
            self._configuration = site_configuration(stations)
            self._pairs = station_pairs(stations)
        clock = self._clock()
        self._look(active_sessions, stations, clock)
        told_a = np.zeros(len(stations.station_ids))
        numbers = [stations.station_ids.index(session.station_id) for session in active_sessions]
        if active_sessions:
            planned_a = self._planned_a(self._request(active_sessions, stations, clock), stations)
            least_a, urgency = _need(active_sessions, numbers, stations, clock)
            told_a = pilots_a(stations, planned_a, least_a, urgency)
        self._last = (
            clock.period_number,
            {
                session.session_id: (number, float(told_a[number]), session.energy_delivered)
                for session, number in zip(active_sessions, numbers, strict=True)
            },
        )
        return {stations.station_ids[number]: [float(told_a[number])] for number in numbers}

    def _clock(self) -> Clock:
        at: datetime = self.interface.current_datetime
        aware = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(self._timezone))
        return Clock(aware, self.interface.current_time, self.interface.period)

    def _look(self, sessions: Sequence[SessionInfo], stations: Stations, clock: Clock) -> None:
        """Learn from the periods since the last schedule: what was taken, and how much cars take of what is offered."""
        interface = self.interface
        self._cars.note(sessions, interface.last_applied_pilot_signals, interface.last_actual_charging_rate)
        since, cars = self._last
        hours = (clock.period_number - since) * clock.period_h
        still = {session.session_id: session.energy_delivered for session in sessions}
        local = clock.at.astimezone(ZoneInfo(self._timezone))
        for key, (number, offered_a, charged_kwh) in cars.items():
            offered_wh = offered_a * float(stations.voltages[number]) * hours
            taken_wh = 1000.0 * (still[key] - charged_kwh) if key in still else offered_wh
            self._taken.add({self._pairs[number]: taken_wh})
        self._taken.turn_to(local)

    def _request(self, sessions: Sequence[SessionInfo], stations: Stations, clock: Clock) -> PlanRequest:
        assert self._configuration is not None  # noqa: S101  # `schedule` sets it first
        voltage_v = float(stations.voltages[0])
        moment = Moment(
            clock=clock,
            prices=interface_prices(self.interface, clock, self._days_count),
            sessions=sessions,
            expected=self._expected(sessions, stations, clock),
            bound_w={key: bound_a * voltage_v for key, bound_a in self._cars.bound_a.items()},
            taken=self._taken,
        )
        return plan_request(self._configuration, moment, timezone=self._timezone, days_count=self._days_count)

    def _expected(
        self, sessions: Sequence[SessionInfo], stations: Stations, clock: Clock
    ) -> list[ExpectedArrival]:
        gone = self._cars.gone(sessions, clock.moment(0).timestamp(), 3600.0 * clock.period_h)
        at_s = clock.at.timestamp()
        return expected_arrivals(
            at_s,
            at_s + DAY_S * self._days_count,
            [*self._past, *gone],
            stations.station_ids,
            ZoneInfo(self._timezone),
        )

    def _planned_a(self, request: PlanRequest, stations: Stations) -> FloatArray:
        """The currents of the present period, A, shape (N,), from a plan within the network's limits at all times."""
        found = plan(request)
        for _ in range(MOST_ROUNDS):
            currents_a = _currents_a(found, stations)
            ratios = overload_ratios(stations, currents_a)
            if np.all(ratios <= 1.0):
                break
            request = request.model_copy(update={"limits": [*request.limits, *_lower(found, ratios)]})
            found = plan(request)
        return _currents_a(found, stations)[:, 0]


def _currents_a(found: Plan, stations: Stations) -> FloatArray:
    """Planned currents, A, shape (N, n)."""
    pins = (found.devices[name].current_a or {} for name in stations.station_ids)
    return np.array([next(iter(of_pole.values())) for of_pole in pins])


def _lower(found: Plan, ratios: FloatArray) -> list[GridLimit]:
    """Limits on the root's current in the steps that are overloaded, as much lower as they are overloaded."""
    root, flows = next(iter(found.collectors.items()))
    largest_a = np.max(list(flows.current_a.values()), axis=0)
    return [
        GridLimit(
            collector=root,
            start=step.start,
            end=step.start + timedelta(hours=step.hours),
            current_a=float(current_a) / ratio * BELOW,
        )
        for step, current_a, ratio in zip(found.steps, largest_a, ratios.tolist(), strict=True)
        if ratio > 1.0
    ]


def _need(
    sessions: Sequence[SessionInfo], numbers: Sequence[int], stations: Stations, clock: Clock
) -> tuple[FloatArray, FloatArray]:
    """The least current now, A, with which each car can still be filled in time, and its urgency, shape (N,).

    Urgency is the share of its time in which it must charge, if always with the station's largest current.
    """
    least_a, urgency = np.zeros(len(stations.station_ids)), np.zeros(len(stations.station_ids))
    for session, number in zip(sessions, numbers, strict=True):
        most_a = float(stations.max_pilot[number])
        needed_ah = 1000.0 * (session.requested_energy - session.energy_delivered) / stations.voltages[number]
        later_h = clock.period_h * max(0, session.estimated_departure - clock.period_number - 1)
        least_a[number] = max(0.0, needed_ah - most_a * later_h) / clock.period_h
        urgency[number] = needed_ah / most_a / (later_h + clock.period_h)
    return least_a, urgency
