"""What a log of events promises."""

from kwartier.service.site_event import SiteEvent
from kwartier.testing.contracts.examples import MONDAY, a_draft, a_partner
from kwartier.testing.contracts.plan_store import a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

EVENT_LOG = Promises()


@EVENT_LOG
def events_are_numbered_per_site_from_one(stores: Stores) -> None:
    """Another site counts for itself."""
    partner = a_site_of_plans(stores)
    stores.sites.create(a_draft(partner, "yard"))
    numbers = [
        stores.events.append(partner.partner_id, site_id, "plan_made", MONDAY, {}).event_number
        for site_id in ("hall", "hall", "yard", "hall")
    ]
    assert numbers == [1, 2, 1, 3]


@EVENT_LOG
def events_come_back_as_they_were_in_order_after_a_number(stores: Stores) -> None:
    """At most so many."""
    partner_id = a_site_of_plans(stores).partner_id
    content = {"plan_id": "ab", "nested": {"is": ["é", 1.5, None]}}
    stored = [
        stores.events.append(partner_id, "hall", "plan_made", MONDAY, content),
        stores.events.append(partner_id, "hall", "validation_changed", MONDAY, {}),
        stores.events.append(partner_id, "hall", "plan_made", MONDAY, {}),
    ]
    assert stored[0] == SiteEvent(partner_id, "hall", 1, "plan_made", MONDAY, content)
    assert list(stores.events.list_after(partner_id, "hall", 0, 10)) == stored
    assert list(stores.events.list_after(partner_id, "hall", 1, 1)) == stored[1:2]
    assert list(stores.events.list_after(partner_id, "hall", 3, 10)) == []


@EVENT_LOG
def events_of_another_partner_are_none(stores: Stores) -> None:
    """Also of a site of the same name."""
    alpha = a_site_of_plans(stores, "alpha")
    beta = a_partner(stores, "beta")
    stores.sites.create(a_draft(beta))
    stores.events.append(alpha.partner_id, "hall", "plan_made", MONDAY, {})
    assert list(stores.events.list_after(beta.partner_id, "hall", 0, 10)) == []
