from datetime import timedelta

from kwartier import check_plan, plan
from kwartier.planning.request import PlanOptions
from kwartier.service.plan_assembly.assemble import AssembledRequest, assemble_plan_request
from kwartier.service.plan_assembly.facts import ToldCharge
from kwartier.site.document import Site
from kwartier.site.transaction import Transaction
from kwartier.tariffs.day_ahead.market_day import day_start
from tests.service.plan_assembly.facts_case import AT, SITE, facts, flat
from tests.tariffs.day_ahead.price_case import PLAIN, price_day


def session(asset_id: str, transaction_id: str) -> Transaction:
    return Transaction(
        asset_id=asset_id,
        transaction_id=transaction_id,
        timestamp=AT,
        transaction_state="Updated",
        start_time=AT - timedelta(hours=1),
        requested_energy=20_000.0,
        departure_time=AT + timedelta(hours=9),
    )


def whole() -> AssembledRequest:
    return assemble_plan_request(
        facts(
            {"main": flat(9e3), "roof": flat(-8e3)},
            charges={"battery": ToldCharge(40.0, AT)},
            transactions=(session("pole", "2"), session("pole", "1"), session("gone", "3")),
            price_days=(price_day(PLAIN),),
            options=PlanOptions(resolution="mixed"),
        )
    )


def test_what_is_stored_makes_a_request_that_can_be_planned_and_checked() -> None:
    request = whole().request
    answer = plan(request)
    assert answer.status == "optimal"
    assert check_plan(request, answer).violations == []
    assert answer.devices["battery"].state_of_charge is not None
    assert answer.unserved_wh["1"] == 0.0


def test_the_same_facts_make_the_same_request_and_so_the_same_plan() -> None:
    assert whole() == whole()
    assert whole().request.model_dump_json() == whole().request.model_dump_json()


def test_sessions_stand_in_a_fixed_order_and_strangers_are_named() -> None:
    made = whole()
    assert [one.transaction_id for one in made.request.transactions] == ["1", "2"]
    assert made.notes[-1] == "gone: transaction 3 is left out, the site has no pole of that name"


def test_prices_of_a_dynamic_contract_say_from_when_they_are_estimated() -> None:
    day_ahead = whole().request.day_ahead
    assert day_ahead is not None
    assert day_ahead.start == day_start(PLAIN)
    assert len(day_ahead.eur_per_mwh) == 192
    assert day_ahead.estimated_from == day_start(PLAIN + timedelta(days=1))


def test_another_contract_needs_no_day_ahead_prices() -> None:
    contract = {
        "contract_type": "fixed",
        "fixed_offtake_cost_per_mwh": 120.0,
        "fixed_injection_cost_per_mwh": 40.0,
    }
    site = Site.model_validate(SITE | {"configurations": SITE["configurations"] | {"contract": contract}})
    assert assemble_plan_request(facts(site=site)).request.day_ahead is None


def test_what_the_server_computes_is_no_part_of_the_request() -> None:
    site = Site.model_validate({**SITE, "connections": {"plan": "x"}, "validation_status": {"status": "OK"}})
    request = assemble_plan_request(facts(site=site, price_days=(price_day(PLAIN),))).request
    assert (request.site.validation_status, request.site.connections) == (None, None)


def test_every_series_says_its_source() -> None:
    assert [note.partition(":")[0] for note in whole().notes] == ["roof", "rest", "gone"]
