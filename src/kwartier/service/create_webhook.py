"""Have a partner's own address told of events, and look after it."""

from dataclasses import dataclass, replace

from kwartier.service.caller import Caller
from kwartier.service.ports import Ports
from kwartier.service.site_event import EventKind
from kwartier.service.webhook import MOST_WEBHOOKS_COUNT, Webhook, WebhookStanding


@dataclass(frozen=True)
class WebhookKept:
    """The webhook, with the secret that signs; it is shown this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True)
class WebhookShown:
    """The webhook, and how it goes."""

    webhook: Webhook
    standing: WebhookStanding


@dataclass(frozen=True)
class UnknownWebhook:
    """The partner has no such webhook."""


@dataclass(frozen=True)
class TooManyWebhooks:
    """The partner has as many as may be."""


@dataclass(frozen=True)
class PlainWebhook:
    """Its address is not encrypted, and the settings do not allow that."""


@dataclass(frozen=True)
class Revived:
    """So many deliveries that were given up are sent again."""

    count: int


def create_webhook(
    caller: Caller, url: str, kinds: tuple[EventKind, ...], *, ports: Ports
) -> WebhookKept | TooManyWebhooks | PlainWebhook:
    """A new webhook; events from now on are sent there."""
    if url.startswith("http://") and not ports.flags.private_webhooks:
        return PlainWebhook()
    if len(ports.webhooks.list_all(caller.partner_id)) >= MOST_WEBHOOKS_COUNT:
        return TooManyWebhooks()
    webhook = Webhook(caller.partner_id, ports.ids.new_id(), url, kinds, ports.clock.now())
    return _kept(webhook, ports)


def rotate_webhook(caller: Caller, webhook_id: str, *, ports: Ports) -> WebhookKept | UnknownWebhook:
    """A new secret; for a day the one before signs too, so that the receiver misses nothing."""
    found = ports.webhooks.get(caller.partner_id, webhook_id)
    if found is None:
        return UnknownWebhook()
    rotated = replace(found, secret_number=found.secret_number + 1, rotated_at=ports.clock.now())
    return _kept(rotated, ports)


def show_webhook(caller: Caller, webhook_id: str, *, ports: Ports) -> WebhookShown | UnknownWebhook:
    """A webhook, and how it goes."""
    found = ports.webhooks.get(caller.partner_id, webhook_id)
    if found is None:
        return UnknownWebhook()
    return WebhookShown(found, ports.webhooks.standing(caller.partner_id, webhook_id))


def list_webhooks(caller: Caller, *, ports: Ports) -> list[WebhookShown]:
    """All of them; a partner has at most 20."""
    own = ports.webhooks.list_all(caller.partner_id)
    return [WebhookShown(one, ports.webhooks.standing(one.partner_id, one.webhook_id)) for one in own]


def revive_webhook(caller: Caller, webhook_id: str, *, ports: Ports) -> Revived | UnknownWebhook:
    """Send again what was given up: the receiver is well again."""
    if ports.webhooks.get(caller.partner_id, webhook_id) is None:
        return UnknownWebhook()
    return Revived(ports.webhooks.revived_count(caller.partner_id, webhook_id, ports.clock.now()))


def _kept(webhook: Webhook, ports: Ports) -> WebhookKept:
    ports.webhooks.keep(webhook)
    secret = ports.webhook_secrets.secret_of(webhook.partner_id, webhook.webhook_id, webhook.secret_number)
    return WebhookKept(webhook, secret)
