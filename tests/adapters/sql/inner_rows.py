"""A row in each table that nothing sent over REST fills."""

from datetime import timedelta

from kwartier.service.dry_run import DryRun
from kwartier.service.ports import Ports
from kwartier.service.ports.idempotency_store import RequestKey
from kwartier.service.user import Role, User
from kwartier.testing.contracts.examples import MONDAY
from kwartier.testing.contracts.month_floor_store import FLOOR
from kwartier.testing.contracts.operator_limit_store import TOLD
from kwartier.testing.contracts.promises import Stores
from kwartier.testing.contracts.session_override_store import OVERRIDE
from kwartier.testing.contracts.standing_store import STANDING
from kwartier.testing.contracts.user_store import a_session
from kwartier.testing.contracts.webhook_store import a_webhook

DAY = timedelta(days=1)


def keep_inner_rows(stores: Stores | Ports, partner_id: str, site_id: str) -> None:
    """One of each for a site that exists."""
    user = User(partner_id, "anna", Role.SEE, "hash of one", MONDAY)
    assert stores.users.add(user)
    stores.users.start_session(a_session(user))
    stores.turns.ask(partner_id, site_id, MONDAY)
    stores.control_leases.take(partner_id, "a process", MONDAY, MONDAY + DAY)
    stores.operator_limits.keep(partner_id, site_id, TOLD)
    stores.standings.keep(partner_id, site_id, STANDING)
    stores.month_floors.keep(partner_id, site_id, FLOOR, MONDAY + DAY)
    stores.dry_runs.keep(partner_id, site_id, DryRun(is_on=False, changed_at=MONDAY))
    stores.webhooks.keep(a_webhook(partner_id))
    stores.events.append(partner_id, site_id, "plan_made", MONDAY, {})
    stores.session_overrides.add(partner_id, site_id, OVERRIDE)
    request = RequestKey(partner_id, "order 66", "f" * 64)
    stores.idempotency.claim(request, MONDAY, forgotten=MONDAY - DAY, given_up=MONDAY - DAY)
