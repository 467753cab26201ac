"""What a car shows of its own limit."""

from dataclasses import dataclass

from kwartier.adapters.acnportal.seen_cars import SeenCars


@dataclass
class Present:
    """A car at a station, as the interface tells of it."""

    session_id: str
    station_id: str = "CA-303"
    requested_energy: float = 10.0
    energy_delivered: float = 1.0
    arrival: int = 0
    estimated_departure: int = 9


def test_a_car_that_takes_less_than_its_pilot_is_planned_for_an_ampere_more_than_that() -> None:
    cars = SeenCars()
    cars.note([Present("slow"), Present("fast")], {"slow": 32, "fast": 32}, {"slow": 16, "fast": 31.5})
    assert cars.bound_a == {"slow": 17}


def test_a_car_at_its_bound_may_take_more_again() -> None:
    cars = SeenCars({"car": 17})
    cars.note([Present("car")], {"car": 17}, {"car": 17})
    assert cars.bound_a == {"car": 18}


def test_a_car_that_is_no_longer_told_of_is_one_of_the_past() -> None:
    cars = SeenCars()
    cars.note([Present("gone"), Present("here")], {}, {})
    [past] = cars.gone([Present("here")], begin_s=1_000_000.0, period_s=900.0)
    assert (past.pole, past.start_s, past.stop_s) == ("CA-303", 1_000_000.0, 1_008_100.0)
    assert past.energy_wh == 10_000.0


def test_the_bound_never_falls_below_what_a_pilot_can_say() -> None:
    cars = SeenCars()
    cars.note([Present("car")], {"car": 10}, {"car": 1})
    assert cars.bound_a == {"car": 6}
