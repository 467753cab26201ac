"""Why a device does what it does, in the reader's language."""

from itertools import chain

import pytest

from kwartier import PlanRequest, plan
from kwartier.adapters.dashboard.catalogue import LANGUAGES, words_of
from kwartier.adapters.dashboard.reason import reason_in_words
from kwartier.demo import demo_request_json
from kwartier.testing.hub_requests import hub_request


def said(language: str, sentence: str) -> tuple[str, str]:
    reason = reason_in_words(sentence, words_of(language))
    return reason.text, reason.change


def test_a_wait_for_a_cheaper_hour_says_what_would_end_it() -> None:
    text, change = said("nl", "waits for Sat 04:30: 45 EUR/MWh cheaper")
    assert text == "Wacht op za 04:30: 45 €/MWh goedkoper"
    assert change.startswith("De auto zou nu laden als stroom nu 45 €/MWh minder kostte")


def test_a_full_phase_is_named_with_its_board_and_limit() -> None:
    text, change = said(
        "en", "held at 6.5 A: board_a, phase L2 is full (63 A); one A more would be worth 1.2 cent"
    )
    assert text == "Held at 6.5 A: board_a is full on L2 (63 A); one A more would be worth 1.2 cent"
    assert "board_a, phase L2" in change


def test_numbers_have_the_decimals_of_the_language() -> None:
    assert said("de", "charges at 12.5 A, what it needs")[0] == "Lädt mit 12,5 A, allem, was es braucht"


def test_a_battery_that_sells_would_rest_below_and_one_that_buys_above_the_worth() -> None:
    assert "fell below 95" in said("en", "discharges: 120 EUR/MWh now, 95 in the battery")[1]
    assert "rose above 95" in said("en", "charges at full power: 20 EUR/MWh now, 95 in the battery")[1]


def test_a_sentence_that_nobody_knows_is_shown_as_it_is() -> None:
    assert said("fr", "the moon is full") == ("The moon is full", "")


SENTENCES_OF_THE_CONTROL = (
    "waits: main, phase L1 (63 A) has no more room",
    "held at 8.0 A: the planned peak of main (25.0 kW in this quarter-hour) has no more room",
    "waits: the grid operator's limit for main (10.0 kW) has no more room",
    "stopped: main, phase L3 (63 A) is above its limit",
    "as planned (optimal)",
    "held at 8.5 A: as in the plan before, another would gain less than 1 cent",
)


@pytest.mark.parametrize("sentence", SENTENCES_OF_THE_CONTROL)
def test_the_sentences_of_the_control_are_known(sentence: str) -> None:
    assert reason_in_words(sentence, words_of("en")).kind is not None


def test_every_sentence_of_the_demos_plan_and_of_a_tight_hubs_is_known_in_every_language() -> None:
    tight = PlanRequest.model_validate(hub_request(8, tightness=0.5))
    requests = (PlanRequest.model_validate_json(demo_request_json()), tight)
    plans = (plan(request) for request in requests)
    sentences = set(chain.from_iterable(chain.from_iterable(one.reasons.values()) for one in plans)) - {""}
    assert len(sentences) > 20
    for language in LANGUAGES:
        unknown = [one for one in sentences if reason_in_words(one, words_of(language)).kind is None]
        assert unknown == []
