"""What an outbox promises."""

from datetime import timedelta

from kwartier.service.outgoing_message import MessageSubject, OutgoingKind, OutgoingMessage
from kwartier.service.partner import Partner
from kwartier.testing.contracts.examples import MONDAY
from kwartier.testing.contracts.plan_store import a_plan, a_site_of_plans
from kwartier.testing.contracts.promises import Promises, Stores

OUTBOX = Promises()


def a_message(
    partner: Partner,
    asset_id: str = "pole_1",
    *,
    kind: OutgoingKind = "setpoint",
    posted_after_s: int = 0,
    send_after_s: int = 0,
) -> OutgoingMessage:
    """A message about a device of the partner's site `hall`."""
    return OutgoingMessage(
        partner_id=partner.partner_id,
        subject=MessageSubject("hall", kind, asset_id),
        payload=f"{asset_id} {posted_after_s} \xe9".encode(),
        posted_at=MONDAY + timedelta(seconds=posted_after_s),
        send_at=MONDAY + timedelta(seconds=send_after_s),
        not_after=MONDAY + timedelta(seconds=send_after_s + 300),
    )


def waiting(stores: Stores, partner: Partner) -> list[OutgoingMessage]:
    """What waits for the partner's site."""
    return list(stores.outbox.list_waiting(partner.partner_id, "hall"))


@OUTBOX
def messages_wait_in_the_order_of_their_moments(stores: Stores) -> None:
    """Until they are settled."""
    partner = a_site_of_plans(stores)
    later, sooner = a_message(partner, send_after_s=180), a_message(partner, send_after_s=60)
    stores.outbox.post(partner.partner_id, [later, sooner])
    assert waiting(stores, partner) == [sooner, later]
    assert list(stores.outbox.list_sites(partner.partner_id)) == ["hall"]
    stores.outbox.settle(partner.partner_id, [sooner])
    assert waiting(stores, partner) == [later]
    stores.outbox.settle(partner.partner_id, [later])
    assert list(stores.outbox.list_sites(partner.partner_id)) == []


@OUTBOX
def a_newer_post_takes_the_place_of_all_earlier_ones_about_its_subject(stores: Stores) -> None:
    """Also of those that were to be sent later; other subjects stay."""
    partner = a_site_of_plans(stores)
    other = a_message(partner, "pole_2")
    stores.outbox.post(partner.partner_id, [a_message(partner), a_message(partner, send_after_s=540), other])
    newer = a_message(partner, posted_after_s=60, send_after_s=60)
    stores.outbox.post(partner.partner_id, [newer])
    assert waiting(stores, partner) == [other, newer]


@OUTBOX
def a_post_for_later_leaves_what_is_of_use_until_then(stores: Stores) -> None:
    """And takes away what is over by now, or was to be sent at its moment or later."""
    partner = a_site_of_plans(stores)
    over, of_use, overtaken = (a_message(partner, send_after_s=seconds) for seconds in (0, 240, 540))
    stores.outbox.post(partner.partner_id, [over, of_use, overtaken])
    later = a_message(partner, posted_after_s=360, send_after_s=480)
    stores.outbox.post(partner.partner_id, [later])
    assert waiting(stores, partner) == [of_use, later]


@OUTBOX
def settling_an_old_message_leaves_the_new_one(stores: Stores) -> None:
    """Its acknowledgement may come after the next one was posted for the same moment."""
    partner = a_site_of_plans(stores)
    old, new = a_message(partner), a_message(partner, posted_after_s=60)
    stores.outbox.post(partner.partner_id, [old])
    stores.outbox.post(partner.partner_id, [new])
    stores.outbox.settle(partner.partner_id, [old])
    assert waiting(stores, partner) == [new]


@OUTBOX
def a_plan_comes_with_its_messages_or_not_at_all(stores: Stores) -> None:
    """A plan that was there already posts nothing."""
    partner = a_site_of_plans(stores)
    plan, message = a_plan(partner), a_message(partner, "", kind="plan")
    stores.plans.keep(plan, [message])
    assert waiting(stores, partner) == [message]
    stores.outbox.settle(partner.partner_id, [message])
    stores.plans.keep(plan, [a_message(partner, "", kind="plan", posted_after_s=60)])
    assert waiting(stores, partner) == []


@OUTBOX
def many_messages_fit_into_one_post(stores: Stores) -> None:
    """More than a statement can name at a time."""
    partner = a_site_of_plans(stores)
    messages = [a_message(partner, f"pole_{number:04d}") for number in range(1_200)]
    stores.outbox.post(partner.partner_id, messages)
    stores.outbox.post(partner.partner_id, messages)
    assert waiting(stores, partner) == messages
    stores.outbox.settle(partner.partner_id, messages)
    assert waiting(stores, partner) == []


@OUTBOX
def another_partner_sees_nothing_of_it(stores: Stores) -> None:
    """Neither the sites nor the messages."""
    alpha, beta = a_site_of_plans(stores, "alpha"), a_site_of_plans(stores, "beta")
    stores.outbox.post(alpha.partner_id, [a_message(alpha)])
    assert list(stores.outbox.list_sites(beta.partner_id)) == []
    assert waiting(stores, beta) == []
