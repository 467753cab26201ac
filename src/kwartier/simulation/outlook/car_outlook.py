"""The cars that may come in the next days: those of the truth, those that past weeks let expect, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kwartier.forecasting.charging_session import PastSession
from kwartier.forecasting.expected_arrivals import MEMORY_DAYS, ExpectedArrival, expected_arrivals
from kwartier.forecasting.forecaster import Place
from kwartier.planning.request import ExpectedSession
from kwartier.simulation.car import Car
from kwartier.simulation.observation import Observation
from kwartier.site.transaction import Transaction
from kwartier.units.quarter_hour import epoch_s, from_epoch_s

# As the service has it: less is a plug that did not hold.
LEAST_ENERGY_WH = 100.0
RENEWED_AFTER_S = 3 * 3600
DAY_S = 86_400


@dataclass
class CarOutlook:
    """Expected cars of a site, made anew a few times a day."""

    poles: Sequence[str]
    place: Place
    _made_s: float | None = None
    _made: list[tuple[float, ExpectedSession]] = field(default_factory=list)
    _past: list[PastSession] = field(default_factory=list)
    _past_count: int = 0

    def expected(self, seen: Observation, end_s: float) -> list[ExpectedSession]:
        """The cars that are likely to come between now and a moment."""
        if self._made_s is None or seen.at_s - self._made_s >= RENEWED_AFTER_S:
            self._made_s = seen.at_s
            self._made = self._renewed(seen, end_s + RENEWED_AFTER_S)
        return [session for start_s, session in self._made if seen.at_s <= start_s < end_s]

    def _renewed(self, seen: Observation, end_s: float) -> list[tuple[float, ExpectedSession]]:
        """Each car with its start, epoch seconds."""
        made = expected_arrivals(
            seen.at_s,
            end_s,
            self._recent(seen),
            self.poles,
            self.place.timezone,
            self.place.country,
        )
        # Copies of one: to construct each takes five times as long.
        at = from_epoch_s(seen.at_s)
        blank = ExpectedSession.model_construct(
            asset_id="", transaction_id="", timestamp=at, transaction_state="Started", start_time=at
        )
        return [
            (one.start_s, _session(blank, one, number))
            for number, one in enumerate(made)
            if one.energy_wh >= LEAST_ENERGY_WH
        ]

    def _recent(self, seen: Observation) -> list[PastSession]:
        """The sessions of the memory's days; those that have ended since the last time are added."""
        cars, oldest_s = seen.past_cars(), seen.at_s - MEMORY_DAYS * DAY_S
        self._past += past_sessions(cars[self._past_count :])
        self._past_count = len(cars)
        self._past = [one for one in self._past if one.stop_s >= oldest_s]
        return self._past


def past_sessions(cars: Sequence[Transaction]) -> list[PastSession]:
    """Sessions that have ended, as forecasts know them."""
    return [
        PastSession(
            car.asset_id,
            car.id_tag,
            epoch_s(car.start_time),
            epoch_s(car.stop_time),
            car.energy_charged,
        )
        for car in cars
        if car.stop_time is not None
    ]


def reservations(cars: Sequence[Car], at_s: float, end_s: float) -> list[Transaction]:
    """Cars that are known to come, as messages of cars that have not arrived."""
    return [
        Transaction.model_construct(
            asset_id=car.asset_id,
            transaction_id=car.transaction_id,
            timestamp=from_epoch_s(at_s),
            transaction_state="Started",
            start_time=car.arrival,
            departure_time=car.departure,
            no_charging_phases=car.phase_count,
            max_power=car.largest_w,
            requested_energy=car.requested_wh,
            energy_charged=car.charged_before_wh,
        )
        for car in cars
        if at_s < epoch_s(car.arrival) < end_s
    ]


def _session(blank: ExpectedSession, one: ExpectedArrival, number: int) -> ExpectedSession:
    news = {
        "asset_id": one.pole,
        "transaction_id": f"expected-{number}",
        "start_time": from_epoch_s(one.start_s),
        "departure_time": from_epoch_s(one.departure_s),
        "requested_energy": one.energy_wh,
        "weight": one.weight,
    }
    return blank.model_copy(update=news)
