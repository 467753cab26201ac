"""Send events to partners' webhooks, signed, until they have them."""

from datetime import timedelta

from kwartier.service.ports import Ports
from kwartier.service.ports.webhook_poster import WebhookPoster
from kwartier.service.webhook import Delivery, Webhook, signature
from kwartier.units.quarter_hour import epoch_s

# One receiver has ten seconds for its answer (reliability.md, R49); so many at a time fit well into the lease.
AT_ONCE_COUNT = 10
LEASE = timedelta(minutes=3)


def deliver_events(partner_id: str, *, ports: Ports, poster: WebhookPoster) -> bool:
    """Try what is due for a partner; whether anything was. A receiver that fails is not tried twice in a row.

    At least once: a receiver knows a repetition by its site and its event number.
    """
    now = ports.clock.now()
    due = ports.webhooks.take_due(partner_id, now, now + LEASE, AT_ONCE_COUNT)
    failing: set[str] = set()
    for delivery in due:
        webhook = ports.webhooks.get(partner_id, delivery.webhook_id)
        if webhook is None:
            continue
        failure = "the one before failed" if webhook.webhook_id in failing else None
        failure = failure or poster.post(webhook.url, _headers(webhook, delivery, ports), delivery.body)
        if failure is None:
            ports.webhooks.arrived(delivery)
        else:
            failing.add(webhook.webhook_id)
            ports.webhooks.failed(delivery, delivery.next_attempt_at(ports.clock.now()), failure)
    return bool(due)


def _headers(webhook: Webhook, delivery: Delivery, ports: Ports) -> dict[str, str]:
    now = ports.clock.now()
    sent_s = int(epoch_s(now))
    secrets = [
        ports.webhook_secrets.secret_of(webhook.partner_id, webhook.webhook_id, number)
        for number in webhook.secret_numbers(now)
    ]
    signed = ",".join(f"v1={signature(secret, sent_s, delivery.body)}" for secret in secrets)
    return {
        "Content-Type": "application/json",
        "Kwartier-Event": f"{delivery.site_id}/{delivery.event_number}",
        "Kwartier-Signature": f"t={sent_s},{signed}",
    }
