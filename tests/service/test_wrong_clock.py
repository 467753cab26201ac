"""The planning cycle while the wall clock jumps, and at easily mistaken moments (reliability.md, R33, R34)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from kwartier.service.plan_in_turn import LEAD, PlannedInTurn
from tests.service.test_plan_in_turn import BOUNDARY, a_service, clock_of, plan_starts, planned

QUARTER = timedelta(minutes=15)
SINCE_1970_S = (BOUNDARY - datetime(1970, 1, 2, tzinfo=UTC)).total_seconds()


@pytest.mark.parametrize("jump_s", [1, -1, 300, -300, 3600, -3600, 86_400, -86_400, -SINCE_1970_S])
def test_after_a_jump_of_the_clock_and_back_no_quarter_hour_is_planned_twice_or_left_out(
    jump_s: float,
) -> None:
    ports = a_service("hall")
    clock = clock_of(ports)
    planned(ports)
    clock.advance(5 * 60.0)
    clock.jump(jump_s)
    with suppress(ValueError):  # there is no plan for 1970; the cycle logs that, and asks again
        planned(ports)
    clock.advance(60.0)
    clock.jump(-jump_s)
    for _ in range(40):  # a minute each
        clock.advance(60.0)
        planned(ports)
    starts = [
        start for start in plan_starts(ports, "hall") if BOUNDARY + QUARTER <= start < BOUNDARY + 3 * QUARTER
    ]
    on_the_grid = [start for start in starts if (start - BOUNDARY) % QUARTER == timedelta(0)]
    assert on_the_grid == [BOUNDARY + QUARTER, BOUNDARY + 2 * QUARTER]


@pytest.mark.parametrize(
    "boundary",
    [
        datetime(2026, 12, 31, 23, 0, tzinfo=UTC),  # midnight in Brussels, a year's end
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2028, 2, 29, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # 02:00 to 03:00 in Brussels
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # 03:00 to 02:00
        datetime(2027, 7, 1, tzinfo=UTC),  # where a leap second would stand
    ],
)
def test_a_millisecond_before_a_boundary_the_plan_is_there_and_a_millisecond_after_it_none_is_due(
    boundary: datetime,
) -> None:
    ports = a_service("hall")
    clock = clock_of(ports)
    clock.jump((boundary - LEAD - timedelta(minutes=5) - clock.now()).total_seconds())
    planned(ports)
    clock.jump((boundary - timedelta(milliseconds=1) - clock.now()).total_seconds())
    (outcome,) = planned(ports)
    assert isinstance(outcome, PlannedInTurn)
    assert outcome.record.planned_from == boundary
    clock.jump(0.002)
    assert planned(ports) == []
    in_force = ports.plans.in_force("alpha", "hall", clock.now())
    assert in_force is not None
    assert in_force.planned_from == boundary
