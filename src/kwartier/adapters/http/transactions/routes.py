"""The routes of charging transactions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.idempotent_route import NO_TO_KEYS, IdempotentRoute, keyed
from kwartier.adapters.http.paging import Paging, page_document
from kwartier.adapters.http.places import place_key, sort_key
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import BAD_CURSOR, Refused, refusal
from kwartier.adapters.http.transactions.documents import (
    MessageResult,
    TransactionPage,
    transaction_document,
)
from kwartier.adapters.http.transactions.example import EXAMPLE_MESSAGE
from kwartier.service.ingest_measurements import InTheFuture
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.list_transactions import list_transactions
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page
from kwartier.service.ports.transaction_store import MessageKept, TransactionKey
from kwartier.site.transaction import SentTransaction, Transaction
from kwartier.units.instant import format_instant, parse_instant

ACCESS: AccessTable = {
    ("POST", "/v1/transactions"): Access.WRITE,
    ("GET", "/v1/sites/{site_id}/transactions"): Access.READ,
}
router = APIRouter(tags=["transactions"], route_class=IdempotentRoute)

SiteId = Annotated[
    str, Path(pattern="^[a-zA-Z0-9_-]{1,64}$", description="The site's name.", examples=["brussels-hub"])
]


@router.post(
    "/v1/transactions",
    summary="Send a message of a charging transaction",
    response_model=MessageResult,
    responses=answers(UnknownSite, InTheFuture, *NO_TO_KEYS),
    openapi_extra=keyed(body_of(SentTransaction, EXAMPLE_MESSAGE)),
)
def ingest(caller: CallerOf, ports: PortsOf, body: Body) -> Response:
    """What became of the message, once it is stored durably, and the state of its transaction.

    Messages are known by asset, transaction, moment and state. Of a transaction the message with the latest `timestamp`
    counts, in whatever order they arrive; the same message again changes nothing.
    """
    ports.crash_points("request_read")
    message = read_document(SentTransaction, body)
    outcome = ingest_transaction(
        caller,
        message.site_id,
        message,
        transactions=ports.transactions,
        turns=ports.turns,
        clock=ports.clock,
        crash_points=ports.crash_points,
    )
    match outcome:
        case MessageKept(status, history, _):
            ports.crash_points("answer_ready")
            return json_response({"status": status, "transactionState": history.state})
        case InTheFuture() | UnknownSite():
            raise refusal(outcome)


@router.get(
    "/v1/sites/{site_id}/transactions",
    summary="List the charging transactions of a site",
    response_model=TransactionPage,
    responses=answers(UnknownSite, BAD_CURSOR),
)
def list_page(caller: CallerOf, ports: PortsOf, site_id: SiteId, paging: Paging) -> Response:
    """A page of the transactions, by start: the message that counts, and what is irregular about all of them."""
    outcome = list_transactions(
        caller,
        site_id,
        after=_place(paging.after_key),
        page_size=paging.page_size,
        sites=ports.sites,
        transactions=ports.transactions,
    )
    match outcome:
        case Page(items, has_next_page):
            last = items[-1].latest if items else None
            last_key = None if last is None else _key(last)
            data = [transaction_document(site_id, history) for history in items]
            return json_response(page_document(data, paging, last_key=last_key, has_next_page=has_next_page))
        case UnknownSite():
            raise refusal(outcome)


def _key(latest: Transaction) -> str:
    return place_key(format_instant(latest.start_time), latest.asset_id, latest.transaction_id)


def _place(key: str | None) -> TransactionKey | None:
    values = sort_key(key, str, str, str)
    if values is None:
        return None
    start, asset_id, transaction_id = map(str, values)
    return TransactionKey(_moment(start), asset_id, transaction_id)


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        raise Refused(BAD_CURSOR) from None
