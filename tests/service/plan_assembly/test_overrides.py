from dataclasses import replace
from datetime import timedelta
from math import ceil

import pytest

from kwartier import check_plan, plan
from kwartier.service.plan_assembly.assemble import assemble_plan_request
from kwartier.service.plan_assembly.sessions import predicted_sessions
from kwartier.service.session_override import SessionKey, SessionOverride, Wish
from kwartier.site.transaction import Transaction
from tests.service.plan_assembly.facts_case import AT, facts, flat
from tests.tariffs.day_ahead.price_case import PLAIN, price_day

SESSION = SessionKey("pole", "7")
LEAVES = AT + timedelta(hours=9)


def car(**told: object) -> Transaction:
    """A car that takes 22 kW at most, and wants 22 kWh in nine hours."""
    said = {
        "asset_id": "pole",
        "transaction_id": "7",
        "timestamp": AT,
        "transaction_state": "Started",
        "start_time": AT - timedelta(minutes=30),
        "departure_time": LEAVES,
        "requested_energy": 22_000.0,
        "max_power": 22_000.0,
    }
    return Transaction.model_validate(said | told)


def decided(wish: Wish, **what: object) -> dict[SessionKey, SessionOverride]:
    return {SESSION: SessionOverride(SESSION, wish, "eva", AT - timedelta(minutes=5), **what)}  # type: ignore[arg-type]


def test_a_departure_that_was_decided_replaces_the_one_that_the_car_told() -> None:
    sooner = AT + timedelta(hours=2)
    (found,) = predicted_sessions(
        facts(transactions=(car(),), overrides=decided("leave_at", departure_time=sooner))
    )
    assert found.transaction.departure_time == sooner
    assert found.told.departure_time == LEAVES
    assert found.note == (
        "pole: transaction 7 leaves at 2026-06-10T08:37:30Z, as eva decided at 2026-06-10T06:32:30Z"
    )


def test_a_departure_that_was_decided_is_not_predicted() -> None:
    sooner = AT + timedelta(hours=2)
    (found,) = predicted_sessions(
        facts(transactions=(car(departure_time=None),), overrides=decided("leave_at", departure_time=sooner))
    )
    assert (found.transaction.departure_time, found.forecast) == (sooner, None)


def test_a_minimum_is_planned_before_what_others_ask_for() -> None:
    overrides = decided("minimum", minimum_energy_wh=9_000.0)
    (found,) = predicted_sessions(facts(transactions=(car(),), overrides=overrides))
    assert found.transaction.minimum_energy == 9_000.0
    assert found.transaction.requested_energy == 22_000.0


def test_a_session_planned_as_it_told_has_no_override() -> None:
    (found,) = predicted_sessions(facts(transactions=(car(),), overrides=decided("as_told")))
    assert (found.transaction, found.override, found.note) == (car(), None, None)


def test_charging_now_makes_all_energy_due_at_the_first_moment_at_which_it_can_be_there() -> None:
    (found,) = predicted_sessions(facts(transactions=(car(),), overrides=decided("charge_now")))
    assert found.transaction.departure_time == AT + timedelta(hours=1)
    assert found.transaction.minimum_energy == 22_000.0
    assert found.expected.departure_time == LEAVES


def test_what_a_single_phase_car_can_take_sets_its_deadline() -> None:
    # 32 A x 400 V / sqrt(3) is 7,390 W; half of it is charged already.
    told = car(no_charging_phases=1, energy_charged=11_000.0)
    (found,) = predicted_sessions(facts(transactions=(told,), overrides=decided("charge_now")))
    assert found.transaction.departure_time == AT + timedelta(seconds=ceil(11_000.0 / 7_390.083 * 3600))


def test_a_battery_says_how_much_charging_now_means() -> None:
    told = car(requested_energy=None, battery_capacity=44_000.0, state_of_charge=50.0)
    (found,) = predicted_sessions(facts(transactions=(told,), overrides=decided("charge_now")))
    assert found.transaction.requested_energy == pytest.approx(22_000.0)
    assert found.transaction.departure_time == AT + timedelta(hours=1)


def test_a_car_that_is_to_charge_now_does_so_although_it_would_be_cheaper_later() -> None:
    falling = replace(price_day(PLAIN), eur_per_mwh=price_day(PLAIN).eur_per_mwh[::-1])
    case = {"quarters": {"main": flat(0.0)}, "price_days": (falling,), "transactions": (car(),)}
    waits = assemble_plan_request(facts(**case))  # type: ignore[arg-type]
    hurries = assemble_plan_request(facts(**case, overrides=decided("charge_now")))  # type: ignore[arg-type]
    assert plan(waits.request).devices["pole"].power_w[0] == 0.0
    answer = plan(hurries.request)
    assert check_plan(hurries.request, answer).violations == []
    charged_wh = [
        power_w * step.hours
        for power_w, step in zip(answer.devices["pole"].power_w, answer.steps, strict=True)
    ]
    assert answer.devices["pole"].power_w[0] == pytest.approx(22_000.0)
    assert sum(charged_wh[:5]) == pytest.approx(22_000.0)
    assert any("charges as soon as it can, as eva decided" in note for note in hurries.notes)
