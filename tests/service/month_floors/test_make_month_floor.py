"""The floor of a month by hand, who makes it when, and what becomes of it in a plan."""

from datetime import timedelta

import pytest

from kwartier import PlanRequest, check_plan, plan
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.month_floors.make_month_floor import (
    LEASE,
    NO_PEAKS,
    NO_SHEET,
    OWN_PRICE,
    FloorMade,
    NoFloorDue,
    due_sites,
    make_month_floor,
)
from kwartier.service.month_floors.month_floor import (
    AGAIN_AFTER,
    FIRST_AFTER,
    SPREAD_OVER,
    MonthFloor,
    own_moment,
)
from kwartier.service.plan_assembly.assemble import assemble_plan_request
from kwartier.service.ports import Ports
from kwartier.site.timezone import site_timezone
from kwartier.tariffs import LocalMonth
from tests.service.month_floors.past_month import (
    CHARGED_WH,
    KEY,
    LEAST_PEAK_W,
    STAY,
    a_site,
    charge,
    measure,
)
from tests.service.test_plan_in_turn import clock_of

MARCH = LocalMonth(2026, 3)


def made(ports: Ports) -> MonthFloor:
    outcome = make_month_floor(*KEY, ports=ports)
    assert isinstance(outcome, FloorMade)
    assert outcome.floor == ports.month_floors.get(*KEY)
    return outcome.floor


def a_whole_february() -> Ports:
    ports = a_site()
    measure(ports)
    charge(ports)
    return ports


def test_the_floor_is_the_least_peak_that_the_month_before_could_have_had() -> None:
    floor = made(a_whole_february())
    assert (floor.month, floor.reason) == (MARCH, None)
    assert floor.highest_w_by_root == pytest.approx({"main": LEAST_PEAK_W}, abs=0.1)


def test_a_plan_may_go_up_to_it_and_says_where_it_comes_from() -> None:
    ports = a_whole_february()
    now = ports.clock.now()
    charge(
        ports,
        transaction_id="tx-now",
        timestamp=now,
        transaction_state="Updated",
        start_time=now,
        stop_time=None,
        departure_time=now + STAY,
        requested_energy=CHARGED_WH,
        energy_charged=0.0,
    )
    before = facts_request(ports)
    made(ports)
    request, notes = facts_request(ports)
    assert before[0].tariff_state == {}
    assert request.tariff_state["main"].expected_month_peak_w == pytest.approx(LEAST_PEAK_W, abs=0.1)
    said = next(note for note in notes if "is expected anyway" in note)
    assert said.startswith(
        "main: a peak of 14.0 kW is expected anyway, what the best of 2026-02 would have had"
    )
    assert "2026-03-02T07:00:00Z" in said
    answer = plan(request)
    assert check_plan(request, answer).violations == []
    # The load of 4 kW and a car that needs 10 kW.
    assert answer.money.peaks == 0.0 < plan(before[0]).money.peaks


def facts_request(ports: Ports) -> tuple[PlanRequest, tuple[str, ...]]:
    record = ports.sites.get(*KEY)
    assert record is not None
    facts = gather_site_facts(KEY[0], record.site, ports.clock.now(), CYCLE_OPTIONS, ports=ports)
    assembled = assemble_plan_request(facts)
    return assembled.request, assembled.notes


def test_it_holds_into_the_first_hours_of_the_next_month_and_no_longer() -> None:
    ports = a_whole_february()
    made(ports)
    clock_of(ports).advance(30 * 86_400.0)
    assert facts_request(ports)[0].tariff_state["main"].expected_month_peak_w is not None
    clock_of(ports).advance(31 * 86_400.0)
    assert facts_request(ports)[0].tariff_state == {}


def test_it_is_made_once_a_month_at_the_sites_own_moment_of_the_first_hours() -> None:
    ports = a_whole_february()
    assert list(due_sites(ports=ports)) == [KEY]
    made(ports)
    assert list(due_sites(ports=ports)) == []
    assert isinstance(make_month_floor(*KEY, ports=ports), NoFloorDue)
    record = ports.sites.get(*KEY)
    assert record is not None
    zone = site_timezone(record.site)
    moment = own_moment(*KEY, MARCH.later(1), zone)
    local = moment.astimezone(zone).replace(tzinfo=None)
    begins = MARCH.later(1).first_day
    assert (local.year, local.month, local.day) == (begins.year, begins.month, begins.day)
    since = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    assert FIRST_AFTER <= since <= FIRST_AFTER + SPREAD_OVER
    clock_of(ports).advance((moment - ports.clock.now()).total_seconds())
    assert list(due_sites(ports=ports)) == [KEY]


def test_while_one_makes_it_nobody_else_does_and_after_its_death_somebody_may() -> None:
    ports = a_whole_february()
    now = ports.clock.now()
    assert ports.month_floors.take(*KEY, now, now + LEASE)  # and dies
    assert isinstance(make_month_floor(*KEY, ports=ports), NoFloorDue)
    clock_of(ports).advance(LEASE.total_seconds())
    assert made(ports).reason is None


def test_a_month_that_is_not_whole_is_tried_again_a_day_later() -> None:
    ports = a_site()
    assert made(ports).reason == "2026-02 is not whole: main: nothing is measured"
    assert facts_request(ports)[0].tariff_state == {}
    assert list(due_sites(ports=ports)) == []
    measure(ports)
    charge(ports)
    clock_of(ports).advance(AGAIN_AFTER.total_seconds())
    assert made(ports).highest_w_by_root == pytest.approx({"main": LEAST_PEAK_W}, abs=0.1)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"optimization_configuration": {"peak_minimization": {"active": False}}}, NO_PEAKS),
        (
            {"optimization_configuration": {"peak_minimization": {"active": True, "peak_price": 4.0}}},
            OWN_PRICE,
        ),
        ({"dso": None}, NO_SHEET),
    ],
)
def test_where_no_plan_would_use_it_nothing_is_read(changed: dict[str, object], reason: str) -> None:
    assert made(a_site(**changed)).reason == reason


def test_a_site_that_is_gone_has_none() -> None:
    ports = a_site()
    assert isinstance(make_month_floor("alpha", "another", ports=ports), NoFloorDue)
