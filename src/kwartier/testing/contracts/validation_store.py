"""What a store of validation statuses promises."""

from kwartier.service.validation_state import ValidationState
from kwartier.site.validation_status import StatusNode, ValidationStatus
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft, a_partner
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

VALIDATION_STORE = Promises()

WARNED = ValidationStatus(
    status="WARNING",
    optimization_configuration_status=StatusNode(status="WARNING"),
    last_validation=TUESDAY,
)
STATE = ValidationState(WARNED, {"status": MONDAY, "ingress_status": TUESDAY})


@VALIDATION_STORE
def a_status_is_read_back_with_its_history(stores: Stores) -> None:
    """The last one that was kept."""
    partner_id = a_site_of_plans(stores).partner_id
    assert stores.validations.get(partner_id, "hall") is None
    stores.validations.keep(partner_id, "hall", ValidationState(ValidationStatus(), {}))
    stores.validations.keep(partner_id, "hall", STATE)
    assert stores.validations.get(partner_id, "hall") == STATE


@VALIDATION_STORE
def the_site_shows_it_and_keeps_its_revision(stores: Stores) -> None:
    """Document and moments stay as they are."""
    partner_id = a_site_of_plans(stores).partner_id
    before = stores.sites.get(partner_id, "hall")
    stores.validations.keep(partner_id, "hall", STATE)
    after = stores.sites.get(partner_id, "hall")
    assert before is not None
    assert after is not None
    assert after.validation_status == WARNED
    assert (after.revision_number, after.document) == (before.revision_number, before.document)
    assert after.changed_at == before.changed_at


@VALIDATION_STORE
def a_status_of_another_partner_is_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha = a_site_of_plans(stores, "alpha")
    beta = a_partner(stores, "beta")
    stores.sites.create(a_draft(beta))
    stores.validations.keep(alpha.partner_id, "hall", STATE)
    assert stores.validations.get(beta.partner_id, "hall") is None
