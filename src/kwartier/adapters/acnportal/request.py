"""What acnportal's interface tells at a moment, as a plan request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kwartier.adapters.acnportal.network import Json
from kwartier.adapters.acnportal.seen_cars import SessionInfo
from kwartier.adapters.acnportal.taken import Taken, quarter_of
from kwartier.forecasting.expected_arrivals import ExpectedArrival
from kwartier.planning.request import PlanRequest

QUARTER_MINUTES = 15


@dataclass(frozen=True)
class Clock:
    """The simulation's time: the moment of the present period, its number, and the length of a period in minutes."""

    at: datetime
    period_number: int
    period_minutes: float

    @property
    def period_h(self) -> float:
        """The length of a period in hours."""
        return self.period_minutes / 60

    def moment(self, period_number: int) -> datetime:
        """The start of a period."""
        return self.at + (period_number - self.period_number) * timedelta(minutes=self.period_minutes)


@dataclass(frozen=True)
class Prices:
    """Energy in EUR/MWh per quarter-hour from the present one on, and the month's peak in EUR/kW."""

    energy_eur_per_mwh: list[float]
    peak_eur_per_kw: float


@dataclass(frozen=True)
class Moment:
    """All that a request of a moment is made of, beside the network; voltages and bounds by station and session."""

    clock: Clock
    prices: Prices | None
    sessions: Sequence[SessionInfo]
    expected: Sequence[ExpectedArrival]
    bound_w: dict[str, float]
    taken: Taken


def interface_prices(interface: Any, clock: Clock, days_count: int) -> Prices | None:
    """The tariff as the interface tells it; None where the simulation has none.

    Dollars and euros are the same to a plan: only their ratio to each other counts.
    """
    quarters_count = days_count * 24 * 60 // QUARTER_MINUTES + 1
    minutes_in = (clock.at - quarter_of(clock.at)).total_seconds() / 60
    first = clock.period_number - round(minutes_in / clock.period_minutes)
    periods = [int(number * QUARTER_MINUTES / clock.period_minutes) for number in range(quarters_count)]
    try:
        told = interface.get_prices(periods[-1] + 1, first).tolist()
        peak = float(interface.get_demand_charge())
    except (
        ValueError,
        TypeError,
    ):  # acnportal's own words for a simulation without a tariff, or without signals
        return None
    return Prices([1000.0 * told[period] for period in periods], peak)


def plan_request(configuration: Json, moment: Moment, *, timezone: str, days_count: int) -> PlanRequest:
    """The request of a moment."""
    at = moment.clock.at.astimezone(UTC)
    root = configuration["collector_list"][0]["name"]
    document: Json = {
        "site": _site(configuration, moment.prices, days_count),
        "at": at,
        "timezone": timezone,
        "transactions": [_transaction(one, moment) for one in moment.sessions],
        "expected_sessions": [_expected(number, one) for number, one in enumerate(moment.expected)],
        "state": {
            "month_peaks": {root: {"offtake_w_per_phase": moment.taken.month_peak_w}},
            "quarter_so_far": {root: {"offtake_wh_per_phase": moment.taken.quarter_wh}},
        },
    }
    if moment.prices is not None:
        energy = moment.prices.energy_eur_per_mwh
        document["prices"] = {
            "start": quarter_of(at),
            "offtake_eur_per_mwh": energy,
            "injection_eur_per_mwh": [min(0.0, price) for price in energy],
        }
    return PlanRequest.model_validate(document)


def _site(configuration: Json, prices: Prices | None, days_count: int) -> Json:
    peak = {"active": True, "peak_price": prices.peak_eur_per_kw} if prices else None
    return {
        "site_id": "acnportal",
        "name": "acnportal",
        "location": {"name": "acnportal", "coordinates": [0.0, 0.0, 0.0]},
        "configurations": {
            "site_configuration": configuration,
            "optimization_configuration": {
                "planning_horizon": f"P{days_count}D",
                "peak_minimization": peak,
            },
        },
    }


def _transaction(session: SessionInfo, moment: Moment) -> Json:
    clock = moment.clock
    # A car that is still here after the time it told leaves in the next period, for all that is known.
    leaves = max(session.estimated_departure, clock.period_number + 1)
    return {
        "asset_id": session.station_id,
        "transaction_id": session.session_id,
        "timestamp": clock.at,
        "transaction_state": "Started",
        "start_time": clock.moment(session.arrival),
        "departure_time": clock.moment(leaves),
        "no_charging_phases": 1,
        "requested_energy": 1000.0 * session.requested_energy,
        "energy_charged": 1000.0 * session.energy_delivered,
        "max_power": moment.bound_w.get(session.session_id),
    }


def _expected(number: int, arrival: ExpectedArrival) -> Json:
    start = datetime.fromtimestamp(arrival.start_s, UTC)
    return {
        "asset_id": arrival.pole,
        "transaction_id": f"expected-{number}",
        "timestamp": start,
        "transaction_state": "Started",
        "start_time": start,
        "departure_time": datetime.fromtimestamp(arrival.departure_s, UTC),
        "no_charging_phases": 1,
        "requested_energy": arrival.energy_wh,
        "weight": arrival.weight,
    }
