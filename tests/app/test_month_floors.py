"""The floors of months are made by themselves, away from the beginnings of quarter-hours."""

from collections.abc import Callable
from time import monotonic, sleep

import pytest

from kwartier.app.month_floors import QUIET_AFTER_S, MonthFloorMaker
from kwartier.service.month_floors.make_month_floor import NO_PEAKS
from kwartier.service.ports import Ports
from tests.service.month_floors.past_month import KEY, a_site
from tests.service.test_plan_in_turn import clock_of


def without_peaks() -> Ports:
    """A site whose floor is quickly made: there is none, and why is kept."""
    return a_site(optimization_configuration={})


def until(is_true: Callable[[], bool]) -> bool:
    end_s = monotonic() + 5.0
    while monotonic() < end_s and not is_true():
        sleep(0.01)
    return is_true()


def test_what_is_due_is_made_in_the_quiet_part_of_a_quarter_hour() -> None:
    ports = without_peaks()
    clock_of(ports).advance(QUIET_AFTER_S)
    maker = MonthFloorMaker(ports)
    maker.start()
    try:
        assert until(lambda: ports.month_floors.get(*KEY) is not None)
    finally:
        maker.close()
    floor = ports.month_floors.get(*KEY)
    assert floor is not None
    assert floor.reason == NO_PEAKS


@pytest.mark.parametrize("inside_s", [0.0, 59.0, 811.0, 899.0])
def test_nothing_begins_while_plans_are_made(inside_s: float) -> None:
    ports = without_peaks()
    clock_of(ports).advance(inside_s)
    maker = MonthFloorMaker(ports)
    maker.start()
    sleep(0.05)
    maker.close()
    assert ports.month_floors.get(*KEY) is None
