"""The routes under /v1/webhooks."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.paging import Paging, page_document
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, refusal
from kwartier.adapters.http.webhooks.documents import (
    EXAMPLE_WEBHOOK,
    RevivedDocument,
    WebhookDocument,
    WebhookOrder,
    WebhookPage,
    WebhookWithSecret,
    webhook_document,
    webhook_with_secret,
)
from kwartier.service.create_webhook import (
    PlainWebhook,
    Revived,
    TooManyWebhooks,
    UnknownWebhook,
    WebhookKept,
    WebhookShown,
    create_webhook,
    list_webhooks,
    revive_webhook,
    rotate_webhook,
    show_webhook,
)

ONE = "/v1/webhooks/{webhook_id}"
ACCESS: AccessTable = {
    ("POST", "/v1/webhooks"): Access.WRITE,
    ("GET", "/v1/webhooks"): Access.READ,
    ("GET", ONE): Access.READ,
    ("DELETE", ONE): Access.WRITE,
    ("POST", f"{ONE}/rotate"): Access.WRITE,
    ("POST", f"{ONE}/retry"): Access.WRITE,
}
router = APIRouter(tags=["webhooks"])

WebhookId = Annotated[
    str, Path(pattern="^[a-z0-9]{1,32}$", description="The webhook's id.", examples=["apdfur7urgvv"])
]


@router.post(
    "/v1/webhooks",
    status_code=201,
    summary="Have events sent to an address of your own",
    response_model=WebhookWithSecret,
    responses=answers(TooManyWebhooks, PlainWebhook),
    openapi_extra=body_of(WebhookOrder, EXAMPLE_WEBHOOK),
)
def create(caller: CallerOf, ports: PortsOf, body: Body) -> Response:
    """The webhook with its secret. Events of all the partner's sites are posted there as JSON, at least once.

    `Kwartier-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of `SECONDS.BODY` under the secret: compare it, and refuse
    what is older than some minutes. `Kwartier-Event` names the event; the same one may come twice. Any answer but 2xx
    within 10 s has it sent again, after 10 s and then twice as long each time, for a day.
    """
    order = read_document(WebhookOrder, body)
    outcome = create_webhook(caller, order.url, tuple(order.kinds), ports=ports)
    match outcome:
        case WebhookKept():
            return json_response(webhook_with_secret(outcome), 201)
        case TooManyWebhooks() | PlainWebhook():
            raise refusal(outcome)


@router.get(
    "/v1/webhooks", summary="List the webhooks", response_model=WebhookPage, responses=answers(BAD_CURSOR)
)
def list_page(caller: CallerOf, ports: PortsOf, paging: Paging) -> Response:
    """A page of the partner's webhooks, by id, and how each goes."""
    own = [
        one for one in list_webhooks(caller, ports=ports) if one.webhook.webhook_id > (paging.after_key or "")
    ]
    page = own[: paging.page_size]
    last = page[-1].webhook.webhook_id if page else None
    data = [webhook_document(one) for one in page]
    has_next_page = len(own) > len(page)
    return json_response(page_document(data, paging, last_key=last, has_next_page=has_next_page))


@router.get(ONE, summary="Read a webhook", response_model=WebhookDocument, responses=answers(UnknownWebhook))
def read(caller: CallerOf, ports: PortsOf, webhook_id: WebhookId) -> Response:
    """The webhook, what waits for it, what was given up, and why."""
    outcome = show_webhook(caller, webhook_id, ports=ports)
    match outcome:
        case WebhookShown():
            return json_response(webhook_document(outcome))
        case UnknownWebhook():
            raise refusal(outcome)


@router.delete(ONE, status_code=204, summary="Delete a webhook", responses=answers(UnknownWebhook))
def delete(caller: CallerOf, ports: PortsOf, webhook_id: WebhookId) -> Response:
    """It is gone, with all that waited for it."""
    if not ports.webhooks.remove(caller.partner_id, webhook_id):
        raise refusal(UnknownWebhook())
    return Response(status_code=204)


@router.post(
    f"{ONE}/rotate",
    summary="Give a webhook a new secret",
    response_model=WebhookWithSecret,
    responses=answers(UnknownWebhook),
)
def rotate(caller: CallerOf, ports: PortsOf, webhook_id: WebhookId) -> Response:
    """The new secret. For a day both sign, with a `v1=` each, so that the receiver can learn it without a gap."""
    outcome = rotate_webhook(caller, webhook_id, ports=ports)
    match outcome:
        case WebhookKept():
            return json_response(webhook_with_secret(outcome))
        case UnknownWebhook():
            raise refusal(outcome)


@router.post(
    f"{ONE}/retry",
    summary="Send again what was given up",
    response_model=RevivedDocument,
    responses=answers(UnknownWebhook),
)
def retry(caller: CallerOf, ports: PortsOf, webhook_id: WebhookId) -> Response:
    """How many deliveries are sent again; what was given up is kept for a week."""
    outcome = revive_webhook(caller, webhook_id, ports=ports)
    match outcome:
        case Revived(count):
            return json_response({"count": count})
        case UnknownWebhook():
            raise refusal(outcome)
