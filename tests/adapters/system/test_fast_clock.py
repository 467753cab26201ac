"""A clock that goes faster than the machine's."""

import time
from datetime import UTC, datetime, timedelta

from kwartier.adapters.system.fast_clock import FastClock

SEVEN = datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_it_stands_until_it_is_set_going() -> None:
    clock = FastClock(SEVEN, 1_000.0)
    time.sleep(0.01)
    assert (clock.now(), clock.monotonic_s()) == (SEVEN, 0.0)


def test_it_goes_as_many_times_as_fast_as_it_is_told() -> None:
    clock = FastClock(SEVEN, 1_000.0)
    before_s = time.monotonic()
    clock.begin()
    begun_s = time.monotonic()
    time.sleep(0.02)
    asked_s = time.monotonic()
    passed_s = clock.monotonic_s()
    after_s = time.monotonic()
    assert (asked_s - begun_s) * 1_000.0 <= passed_s <= (after_s - before_s) * 1_000.0
    assert clock.now() >= SEVEN + timedelta(seconds=passed_s)


def test_who_waits_for_its_time_to_pass_waits_less_on_the_machine() -> None:
    assert FastClock(SEVEN, 20.0).waiting_s(900.0) == 45.0
