"""What a store of webhooks promises."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.site_event import EventKind
from kwartier.service.webhook import KEPT_FOR, Webhook, WebhookStanding
from kwartier.testing.contracts.examples import MONDAY
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

WEBHOOK_STORE = Promises()
MINUTE = timedelta(minutes=1)


def a_webhook(partner_id: str, webhook_id: str = "one", kinds: tuple[EventKind, ...] = ()) -> Webhook:
    """A webhook, for all events by default."""
    return Webhook(partner_id, webhook_id, "https://a.example.com", kinds, MONDAY)


@WEBHOOK_STORE
def a_webhook_is_read_back_until_it_is_removed(stores: Stores) -> None:
    """As it was kept last, and by its own partner only."""
    alpha, beta = (a_site_of_plans(stores, name).partner_id for name in ("alpha", "beta"))
    webhook = a_webhook(alpha, kinds=("plan_made", "rung_changed"))
    stores.webhooks.keep(webhook)
    rotated = replace(webhook, secret_number=2, rotated_at=MONDAY)
    stores.webhooks.keep(rotated)
    stores.webhooks.keep(a_webhook(alpha, "another"))
    assert stores.webhooks.get(alpha, "one") == rotated
    assert [one.webhook_id for one in stores.webhooks.list_all(alpha)] == ["another", "one"]
    assert (stores.webhooks.get(beta, "one"), list(stores.webhooks.list_all(beta))) == (None, [])
    assert not stores.webhooks.remove(beta, "one")
    assert stores.webhooks.remove(alpha, "one")
    assert stores.webhooks.get(alpha, "one") is None


@WEBHOOK_STORE
def an_event_waits_for_the_webhooks_that_want_it(stores: Stores) -> None:
    """From its own moment on; who takes it has it for himself for a while."""
    partner_id = a_site_of_plans(stores).partner_id
    stores.webhooks.keep(a_webhook(partner_id, "all"))
    stores.webhooks.keep(a_webhook(partner_id, "some", kinds=("rung_changed",)))
    event = stores.events.append(partner_id, "hall", "plan_made", MONDAY, {"plan_id": "f"})
    (due,) = stores.webhooks.take_due(partner_id, MONDAY, MONDAY + MINUTE, 10)
    assert (due.webhook_id, due.site_id, due.event_number) == ("all", "hall", event.event_number)
    assert b'"kind":"plan_made"' in due.body
    assert list(stores.webhooks.take_due(partner_id, MONDAY, MONDAY + MINUTE, 10)) == []
    assert list(stores.webhooks.take_due(partner_id, MONDAY + MINUTE, MONDAY + 2 * MINUTE, 10)) == [due]
    stores.webhooks.arrived(due)
    assert stores.webhooks.standing(partner_id, "all") == WebhookStanding(0, 0, None)


@WEBHOOK_STORE
def what_failed_is_due_again_or_given_up_and_can_be_revived(stores: Stores) -> None:
    """With the reason; it goes with its webhook."""
    partner_id = a_site_of_plans(stores).partner_id
    stores.webhooks.keep(a_webhook(partner_id))
    stores.events.append(partner_id, "hall", "plan_made", MONDAY, {})
    (due,) = stores.webhooks.take_due(partner_id, MONDAY, MONDAY + MINUTE, 10)
    stores.webhooks.failed(due, MONDAY + MINUTE, "status 500")
    assert stores.webhooks.standing(partner_id, "one") == WebhookStanding(1, 0, "status 500")
    (again,) = stores.webhooks.take_due(partner_id, MONDAY + MINUTE, MONDAY + 2 * MINUTE, 10)
    assert again == replace(due, attempt_count=1)
    stores.webhooks.failed(again, None, "status 503")
    assert stores.webhooks.standing(partner_id, "one") == WebhookStanding(0, 1, "status 503")
    assert list(stores.webhooks.take_due(partner_id, MONDAY + 9 * MINUTE, MONDAY + 10 * MINUTE, 10)) == []
    assert stores.webhooks.revived_count(partner_id, "one", MONDAY + 10 * MINUTE) == 1
    (revived,) = stores.webhooks.take_due(partner_id, MONDAY + 10 * MINUTE, MONDAY + 11 * MINUTE, 10)
    assert (revived.attempt_count, revived.created_at) == (0, MONDAY + 10 * MINUTE)
    stores.webhooks.remove(partner_id, "one")
    assert stores.webhooks.standing(partner_id, "one") == WebhookStanding(0, 0, None)


@WEBHOOK_STORE
def what_nobody_took_for_a_week_is_forgotten(stores: Stores) -> None:
    """Nothing grows without a bound (P12)."""
    partner_id = a_site_of_plans(stores).partner_id
    stores.webhooks.keep(a_webhook(partner_id))
    for moment in (MONDAY, MONDAY + KEPT_FOR + MINUTE):
        stores.events.append(partner_id, "hall", "plan_made", moment, {})
    assert stores.webhooks.standing(partner_id, "one").waiting_count == 1
