"""Events sent to an address of your own, and the proof that they come from the service."""

import hmac
from collections.abc import Sequence

from kwartier.adapters.http.webhooks.documents import (
    RevivedDocument,
    WebhookDocument,
    WebhookOrder,
    WebhookPage,
    WebhookWithSecret,
)
from kwartier.client.call import Call, Listing, document_of, json_of, nothing, sending
from kwartier.service.site_event import EventKind
from kwartier.service.webhook import signature

ALL = "/v1/webhooks"
ONE = "/v1/webhooks/{webhook_id}"
# What is older may be a copy that somebody kept.
OLDEST_S = 300.0


def create(url: str, kinds: Sequence[EventKind] = ()) -> Call[WebhookWithSecret]:
    """A webhook for events of these kinds, of all by default; its secret is shown this once."""
    order = WebhookOrder(url=url, kinds=list(kinds))
    return Call("POST", ALL, read=document_of(WebhookWithSecret), **sending(json_of(order)))


def list_all(*, page_size: int = 100) -> Listing[WebhookDocument]:
    """The webhooks, by id."""
    return Listing(
        lambda after: Call(
            "GET", ALL, read=document_of(WebhookPage), query={"after": after, "page_size": page_size}
        )
    )


def read(webhook_id: str) -> Call[WebhookDocument]:
    """A webhook, and how it goes."""
    return Call("GET", ONE, read=document_of(WebhookDocument), ids={"webhook_id": webhook_id})


def delete(webhook_id: str) -> Call[None]:
    """Take it away with all that waits for it."""
    return Call("DELETE", ONE, read=nothing, ids={"webhook_id": webhook_id})


def rotate(webhook_id: str) -> Call[WebhookWithSecret]:
    """A new secret; the old one signs too for a day."""
    return Call("POST", f"{ONE}/rotate", read=document_of(WebhookWithSecret), ids={"webhook_id": webhook_id})


def retry(webhook_id: str) -> Call[RevivedDocument]:
    """Have sent again what was given up."""
    return Call("POST", f"{ONE}/retry", read=document_of(RevivedDocument), ids={"webhook_id": webhook_id})


def is_genuine(header: str, body: bytes, secret: str, *, now_s: float) -> bool:
    """Whether the `Kwartier-Signature` of a body was made with a secret, at most five minutes before `now_s`.

    >>> header = "t=1772434800,v1=" + signature("secret", 1772434800, b"{}")
    >>> (
    ...     is_genuine(header, b"{}", "secret", now_s=1772434810),
    ...     is_genuine(header, b"[]", "secret", now_s=1772434810),
    ... )
    (True, False)
    """
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t" and value.isdecimal()]
    if len(times) != 1 or abs(now_s - int(times[0])) > OLDEST_S:
        return False
    own = signature(secret, int(times[0]), body)
    return any(
        hmac.compare_digest(own, value) for name, _, value in parts if name == "v1" and value.isascii()
    )
