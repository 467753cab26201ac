"""What a store of dry runs promises."""

from kwartier.service.dry_run import DryRun
from kwartier.testing.contracts.examples import MONDAY, TUESDAY
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

DRY_RUN_STORE = Promises()


@DRY_RUN_STORE
def the_setting_is_read_back_as_it_was_kept_last(stores: Stores) -> None:
    """And of another partner's site of the same name nothing."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    assert stores.dry_runs.get(alpha.partner_id, "hall") is None
    for setting in (DryRun(is_on=True, changed_at=MONDAY), DryRun(is_on=False, changed_at=TUESDAY)):
        stores.dry_runs.keep(alpha.partner_id, "hall", setting)
        assert stores.dry_runs.get(alpha.partner_id, "hall") == setting
    assert stores.dry_runs.get(beta.partner_id, "hall") is None
