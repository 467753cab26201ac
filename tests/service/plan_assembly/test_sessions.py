from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kwartier import check_plan, plan
from kwartier.forecasting.charging_session import PastSession
from kwartier.service.plan_assembly.assemble import assemble_plan_request
from kwartier.service.plan_assembly.sessions import expected_sessions, predicted_sessions
from kwartier.site.document import Site
from kwartier.site.transaction import Transaction
from tests.service.plan_assembly.facts_case import AT, SITE, facts
from tests.tariffs.day_ahead.price_case import PLAIN, price_day

HOUR_S, DAY_S = 3600, 86_400
NOW_S = AT.timestamp()


def car(**told: object) -> Transaction:
    """A car that came half an hour ago and says what is told."""
    said = {
        "asset_id": "pole",
        "transaction_id": "7",
        "timestamp": AT,
        "transaction_state": "Started",
        "start_time": AT - timedelta(minutes=30),
        "id_tag": "anna",
    }
    return Transaction.model_validate(said | told)


def workdays(count: int, stay_h: float = 9.0, energy_wh: float = 18_000.0) -> list[PastSession]:
    """Anna's sessions at this time of the day on the last workdays; AT is a Wednesday."""
    days = [day for day in range(1, 2 * count + 10) if day % 7 not in (3, 4)][:count]
    return [
        PastSession(
            "pole",
            "anna",
            NOW_S - day * DAY_S - HOUR_S / 2,
            NOW_S - day * DAY_S + (stay_h - 0.5) * HOUR_S,
            energy_wh,
        )
        for day in days
    ]


def test_what_a_car_does_not_say_is_predicted_from_its_badge_and_said_so() -> None:
    (found,) = predicted_sessions(facts(transactions=(car(),), past_sessions=workdays(30)))
    told = found.transaction
    assert told.departure_time is not None
    assert told.departure_time - AT == pytest.approx(timedelta(hours=8.5), abs=timedelta(minutes=30))
    assert told.requested_energy == pytest.approx(18_000.0, rel=0.05)
    assert found.note is not None
    assert found.note.startswith("pole: transaction 7 has predicted departure 2026-06-10T")
    assert " (P10) and 18.0 kWh (mean): predicted from 30 sessions of the badge" in found.note


def test_what_a_car_says_counts() -> None:
    leaves = AT + timedelta(hours=2)
    facts_of = facts(
        transactions=(
            car(departure_time=leaves),
            car(transaction_id="8", requested_energy=5_000.0),
            car(transaction_id="9", departure_time=leaves, requested_energy=5_000.0),
        ),
        past_sessions=workdays(30),
    )
    first, second, third = predicted_sessions(facts_of)
    assert first.transaction.departure_time == leaves
    assert first.transaction.requested_energy == pytest.approx(18_000.0, rel=0.05)
    assert (second.transaction.requested_energy, second.transaction.departure_time is None) == (
        5_000.0,
        False,
    )
    assert (third.transaction, third.note) == (facts_of.transactions[2], None)


def test_a_battery_that_says_how_full_it_is_needs_no_prediction_of_its_energy() -> None:
    (found,) = predicted_sessions(facts(transactions=(car(battery_capacity=60_000.0, state_of_charge=40.0),)))
    assert found.transaction.requested_energy is None
    assert found.transaction.departure_time is not None


def test_without_any_history_the_default_session_is_planned_with_a_margin() -> None:
    (found,) = predicted_sessions(facts(transactions=(car(),)))
    # Beyond half an hour all five default stays count: P10 is 1.2 h; P90 of the energy is 16.7 kWh.
    assert found.transaction.departure_time == AT + timedelta(hours=0.7)
    assert found.transaction.requested_energy == 16_700.0
    assert found.note is not None
    assert found.note.endswith("16.7 kWh (P90): default session: none of the site is known")


def test_a_car_that_may_leave_at_any_moment_gets_a_quarter_of_an_hour() -> None:
    long_here = car(start_time=AT - timedelta(days=20))
    (found,) = predicted_sessions(facts(transactions=(long_here,)))
    assert found.transaction.departure_time == AT + timedelta(minutes=15)


def test_a_reservation_is_predicted_from_its_start() -> None:
    start = AT + timedelta(hours=3)
    (found,) = predicted_sessions(facts(transactions=(car(start_time=start),)))
    assert found.transaction.departure_time == start + timedelta(hours=1.2)


def test_expected_cars_stand_in_the_request_with_their_weight_and_are_said() -> None:
    facts_of = facts(past_sessions=workdays(20), price_days=(price_day(PLAIN),))
    made = assemble_plan_request(facts_of)
    today, tomorrow = made.request.expected_sessions
    # A car between 8 and 9 h on each of 20 workdays. It is 8:37:30: 22.5 min of that hour are to come today, and the
    # horizon ends when 37.5 min of tomorrow's are over.
    assert (today.weight, tomorrow.weight) == (0.375, 0.625)
    assert tomorrow.start_time.astimezone(UTC).date() == datetime(2026, 6, 11, tzinfo=UTC).date()
    assert tomorrow.departure_time is not None
    assert tomorrow.departure_time - tomorrow.start_time == timedelta(hours=9)
    assert (tomorrow.asset_id, tomorrow.requested_energy) == ("pole", 18_000.0)
    assert any(note.startswith("expected cars: 1.0 until ") for note in made.notes)


def test_predicted_and_expected_cars_make_a_plan_that_the_check_accepts() -> None:
    facts_of = facts(transactions=(car(),), past_sessions=workdays(20), price_days=(price_day(PLAIN),))
    request = assemble_plan_request(facts_of).request
    answer = plan(request)
    assert check_plan(request, answer).violations == []
    assert answer.unserved_wh["7"] == 0.0
    assert len(answer.expected_sessions) == 2


def test_cars_without_energy_are_not_expected() -> None:
    past = [replace(one, energy_wh=None) for one in workdays(20)]
    assert expected_sessions(facts(past_sessions=past), AT + timedelta(days=1)) == ([], ())


def test_a_direct_current_pole_is_predicted_in_minutes() -> None:
    configuration = SITE["configurations"]["site_configuration"]
    fast = {"name": "fast", "collector": "main", "type": "dc_charging_pole", "max_power": 50_000}
    changed = configuration | {"device_list": [*configuration["device_list"], fast]}
    site = Site.model_validate(
        SITE | {"configurations": SITE["configurations"] | {"site_configuration": changed}}
    )
    (found,) = predicted_sessions(
        facts(site=site, transactions=(car(asset_id="fast", start_time=AT - timedelta(minutes=5)),))
    )
    # P10 of the default stay is 8.4 min, 3.4 min ahead: a quarter of an hour is the least.
    assert found.transaction.departure_time == AT + timedelta(minutes=15)
