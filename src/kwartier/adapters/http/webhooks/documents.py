"""Webhooks as they are sent and read."""

from typing import Annotated, Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.service.create_webhook import WebhookKept, WebhookShown
from kwartier.service.site_event import EventKind
from kwartier.service.webhook import Webhook
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel

EXAMPLE_WEBHOOK: dict[str, Any] = {"url": "https://hooks.example.com/kwartier", "kinds": ["rung_changed"]}
LONGEST_URL_LENGTH = 2_000
# As many as there are kinds, with room.
MOST_KINDS_COUNT = 20


class WebhookOrder(WireModel):
    """Where events are to be sent."""

    url: Annotated[
        str,
        Field(
            max_length=LONGEST_URL_LENGTH, pattern=r"^https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[!-~]*)?$"
        ),
    ] = Field(
        description="https, without user and password; http only where the service's settings allow it."
    )
    kinds: Annotated[list[EventKind], Field(max_length=MOST_KINDS_COUNT)] = Field(
        default_factory=list, description="Which events are sent; none: all of them."
    )


class WebhookDocument(WireModel):
    """A webhook, and how it goes."""

    webhook_id: str
    url: str
    kinds: list[EventKind]
    created_at: Instant
    waiting_count: int = Field(description="How many deliveries wait, or are tried again.")
    dead_count: int = Field(description="How many were given up after a day; `retry` sends them again.")
    last_failure: str | None = Field(description="Why one that has not arrived did not.")


class WebhookWithSecret(WireModel):
    """A webhook with what it signs with, which is shown this once."""

    webhook_id: str
    url: str
    kinds: list[EventKind]
    created_at: Instant
    secret: str = Field(description="The key of the HMAC in `Kwartier-Signature`.")


class WebhookPage(PageOf[WebhookDocument]):
    """A partner's webhooks, by id; they fit on a page."""


class RevivedDocument(WireModel):
    """How many deliveries are sent again."""

    count: int


def webhook_document(shown: WebhookShown) -> dict[str, Any]:
    """The JSON value of a webhook."""
    return {**_document(shown.webhook), **vars(shown.standing)}


def webhook_with_secret(kept: WebhookKept) -> dict[str, Any]:
    """The JSON value of a webhook with its secret."""
    return {**_document(kept.webhook), "secret": kept.secret}


def _document(webhook: Webhook) -> dict[str, Any]:
    return {
        "webhook_id": webhook.webhook_id,
        "url": webhook.url,
        "kinds": list(webhook.kinds),
        "created_at": format_instant(webhook.created_at),
    }
