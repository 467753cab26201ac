import numpy as np
import pytest

from kwartier.service.money.uncontrolled import ArrivedCar, FloatArray, on_arrival_wh

NOTHING = np.zeros(8)


def car(start_s: float, energy_wh: float, power_w: float = 8_000.0, *boards: str) -> ArrivedCar:
    return ArrivedCar(start_s, energy_wh, power_w, ("garage", "main", *boards))


def charged(*cars: ArrivedCar, other_wh: FloatArray = NOTHING, **limits_w: float) -> list[float]:
    limits = {"garage": 1e9, "main": 1e9} | limits_w
    drawn_wh: list[float] = on_arrival_wh(cars, 0, other_wh, "main", limits)[0].tolist()
    return drawn_wh


def test_a_car_charges_at_its_full_power_from_its_arrival_until_it_has_what_it_got() -> None:
    # 8 kW are 2 kWh a quarter-hour; it comes in the middle of the second one.
    assert charged(car(1_350.0, 4_500.0)) == [0, 1_000, 2_000, 1_500, 0, 0, 0, 0]


def test_a_car_that_was_there_before_the_month_goes_on_from_its_start() -> None:
    assert charged(car(-7_200.0, 3_000.0)) == [2_000, 1_000, 0, 0, 0, 0, 0, 0]


def test_the_earliest_takes_a_boards_room_first() -> None:
    late, early = car(1.0, 3_000.0), car(0.0, 3_000.0)
    assert charged(late, early, garage=10_000.0) == pytest.approx([2_500, 2_500, 1_000, 0, 0, 0, 0, 0])


def test_the_connection_has_room_for_what_everything_else_leaves() -> None:
    other_wh = np.array([2_000.0, np.nan, *[0.0] * 6])
    assert charged(car(0.0, 3_500.0), other_wh=other_wh, main=10_000.0) == [500, 2_000, 1_000, 0, 0, 0, 0, 0]


def test_what_does_not_fit_is_said_and_not_squeezed_in() -> None:
    taken_wh, waiting_wh = on_arrival_wh([car(0.0, 20_000.0)], 0, NOTHING, "main", {})
    assert (taken_wh.sum(), waiting_wh) == (16_000.0, 4_000.0)
