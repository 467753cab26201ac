from datetime import date

import pytest

from kwartier.service.judge_document import judge_document
from kwartier.service.list_connections import list_connections
from kwartier.site.templates import TEMPLATE_NAMES, TemplateName, site_template
from kwartier.tariffs.contracts.known import known_contracts
from kwartier.testing.fakes.clock import FakeClock


@pytest.mark.parametrize("name", TEMPLATE_NAMES)
def test_a_template_has_nothing_wrong_with_it(name: TemplateName) -> None:
    judged = judge_document(site_template(name), clock=FakeClock())
    assert judged.is_plannable
    assert judged.findings == ()


def test_a_template_is_the_callers_own() -> None:
    site_template("home")["name"] = "Changed"
    assert site_template("home")["name"] == "Home"


def test_a_choice_says_whether_its_amounts_are_known() -> None:
    found = list_connections(date(2026, 3, 2), dso="Sibelga")
    choices = {one.combination.connection_type: one.has_amounts for one in found}
    assert choices["BT"] is True
    assert choices["MT"] is False


def test_every_known_contract_says_where_it_is_from() -> None:
    names = [one.name for one in known_contracts()]
    assert len(names) == len(set(names))
    assert {one.source for one in known_contracts()} == {"be_price_cards", "fluctus-proxy"}
