"""A car at its pole: what it draws by, what it has got so far, and what its pole tells of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kwartier.control.wiring import ControlledDevice
from kwartier.simulation.car import Car
from kwartier.simulation.fuses import ComplexArray
from kwartier.site.transaction import Transaction, TransactionState
from kwartier.units.quarter_hour import epoch_s


@dataclass
class StandingCar:
    """A car at its pole: which of the pole's pins it uses, what 1 A on each of them is, and what it has got so far."""

    car: Car
    device: ControlledDevice
    watts_per_ampere: float
    phasor_weights: ComplexArray
    least_a: float
    charged_wh: float
    _said: Transaction | None = None

    @cached_property
    def departure_s(self) -> float:
        """When it leaves, epoch seconds."""
        return epoch_s(self.car.departure)

    def message(self, at: datetime) -> Transaction:
        """What its pole tells of it, said anew when it has charged."""
        if self._said is None or self._said.energy_charged != self.charged_wh:
            state: TransactionState = "SuspendedEV" if self.charged_wh >= self.car.requested_wh else "Updated"
            if self._said is None:
                departure = self.car.told_departure or self.car.departure
                self._said = _message(self.car, at, self.charged_wh, state, departure)
            else:
                news = {
                    "timestamp": at,
                    "transaction_state": state,
                    "energy_charged": self.charged_wh,
                }
                self._said = self._said.model_copy(update=news)
        return self._said


def _message(
    car: Car,
    at: datetime,
    charged_wh: float,
    state: TransactionState,
    departure: datetime,
    stop: datetime | None = None,
) -> Transaction:
    # Constructed, not judged: thousands of messages of what has been judged before.
    return Transaction.model_construct(
        asset_id=car.asset_id,
        transaction_id=car.transaction_id,
        timestamp=at,
        transaction_state=state,
        start_time=car.arrival,
        stop_time=stop,
        no_charging_phases=car.phase_count,
        max_power=car.largest_w,
        departure_time=departure,
        requested_energy=car.requested_wh,
        energy_charged=charged_wh,
        id_tag=car.badge,
    )


def last_message(car: Car, charged_wh: float) -> Transaction:
    """What its pole tells of a car that has left."""
    return _message(car, car.departure, charged_wh, "Ended", car.departure, car.departure)
