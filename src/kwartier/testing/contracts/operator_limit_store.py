"""What a store of grid operators' limits promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.planning.request import GridLimit
from kwartier.service.operator_limits import FailsafeLimit, OperatorLimits
from kwartier.testing.contracts.examples import MONDAY, TUESDAY
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

OPERATOR_LIMIT_STORE = Promises()

TOLD = OperatorLimits(
    limits=(GridLimit(collector="main", start=MONDAY, end=TUESDAY, offtake_w=4_200.0),),
    failsafe=(FailsafeLimit(collector="main", current_a=16.0),),
    limits_at=MONDAY,
    heard_at=TUESDAY,
)


@OPERATOR_LIMIT_STORE
def limits_are_read_back_as_they_were_set_last(stores: Stores) -> None:
    """With both moments."""
    partner_id = a_site_of_plans(stores).partner_id
    assert stores.operator_limits.get(partner_id, "hall") is None
    stores.operator_limits.keep(partner_id, "hall", TOLD)
    assert stores.operator_limits.get(partner_id, "hall") == TOLD
    later = replace(TOLD, limits=(), heard_at=TUESDAY + timedelta(seconds=1), was_silent=True)
    stores.operator_limits.keep(partner_id, "hall", later)
    assert stores.operator_limits.get(partner_id, "hall") == later


@OPERATOR_LIMIT_STORE
def limits_of_another_partner_are_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    stores.operator_limits.keep(alpha.partner_id, "hall", TOLD)
    assert stores.operator_limits.get(beta.partner_id, "hall") is None
