"""What may lack in a month, and what may not."""

from datetime import timedelta

import pytest

from kwartier.service.month_floors.recorded_month import NotWhole, recorded_month
from kwartier.service.ports import Ports
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from tests.service.month_floors.past_month import (
    ARRIVAL,
    CHARGED_WH,
    COUNT,
    END,
    FIRST,
    HIGH_W,
    KEY,
    LOAD_W,
    STAY,
    a_site,
    charge,
    measure,
)
from tests.service.test_plan_in_turn import clock_of


def recorded(ports: Ports) -> RecordedSite | NotWhole:
    record = ports.sites.get(*KEY)
    assert record is not None
    return recorded_month(KEY[0], record.site, Period(FIRST, END), ports=ports)


def reason(ports: Ports) -> str:
    found = recorded(ports)
    assert isinstance(found, NotWhole)
    return found.reason


def test_a_whole_month_is_read_to_the_quarter_hour_with_its_cars() -> None:
    ports = a_site()
    measure(ports)
    charge(ports)
    found = recorded(ports)
    assert isinstance(found, RecordedSite)
    power_w = found.series["house"].power_w
    assert found.series["house"].first_s == int(FIRST.timestamp())
    assert len(power_w) == COUNT
    assert sorted(set(power_w.round(3).tolist())) == [LOAD_W, HIGH_W]
    (car,) = found.cars
    assert (car.arrival, car.departure, car.requested_wh) == (ARRIVAL, ARRIVAL + STAY, CHARGED_WH)
    assert car.largest_w == 22_080.0


def test_an_hour_that_lacks_is_filled_in_between_its_neighbours() -> None:
    ports = a_site()
    # Without the readings at the three ends inside it nobody knows in which quarter-hour of the hour the energy flowed.
    measure(ports, {"house": range(101, 104)})
    found = recorded(ports)
    assert isinstance(found, RecordedSite)
    assert found.series["house"].power_w[100:104] == pytest.approx(LOAD_W)


def test_a_longer_gap_is_told_with_its_place() -> None:
    ports = a_site()
    measure(ports, {"house": range(101, 105)})
    begins = FIRST + 100 * timedelta(minutes=15)
    assert reason(ports) == (
        f"house: 1.25 h from {begins:%Y-%m-%dT%H:%M:%SZ} on are not measured, and at most 1 h may lack"
    )


def test_many_short_gaps_are_too_many() -> None:
    ports = a_site()
    measure(ports)
    other = a_site()
    measure(other, {"main": range(5, COUNT, 80)})  # 34 gaps of two quarter-hours
    assert not isinstance(recorded(ports), NotWhole)
    assert reason(other) == "main: 2.5 % of the month are not measured, and at most 2 % may lack"


@pytest.mark.parametrize(("names", "missing"), [(("main",), "house"), (("house",), "main")])
def test_what_is_not_measured_is_named(names: tuple[str, ...], missing: str) -> None:
    ports = a_site()
    measure(ports, names=names)
    assert reason(ports) == f"{missing}: nothing is measured"


def test_a_market_day_without_prices_is_named() -> None:
    ports = a_site(contract={"contract_type": "dynamic"})
    measure(ports)
    assert reason(ports) == "the day-ahead prices of 2026-02-01 are not known"


def test_a_session_whose_energy_nobody_told_has_what_its_poles_meter_counted() -> None:
    ports = a_site()
    measure(ports, names=("main", "house", "pole"))  # the pole's meter counts 4 kW all the time
    charge(ports, energy_charged=None)
    found = recorded(ports)
    assert isinstance(found, RecordedSite)
    assert found.cars[0].requested_wh == pytest.approx(LOAD_W * 2.0)


def test_sessions_across_the_months_ends_are_left_out() -> None:
    ports = a_site()
    clock_of(ports).advance(3_600.0)
    measure(ports)
    charge(ports, start_time=END - timedelta(hours=1), stop_time=END + timedelta(hours=1))
    charge(
        ports,
        transaction_id="tx-2",
        start_time=FIRST - timedelta(hours=1),
        stop_time=FIRST + timedelta(hours=1),
    )
    found = recorded(ports)
    assert isinstance(found, RecordedSite)
    assert found.cars == ()
