"""Charging transactions: what a pole says of a car's session."""

from kwartier.adapters.http.transactions.documents import MessageResult, ReadTransaction, TransactionPage
from kwartier.client.call import Call, Listing, document_of, json_of, sending
from kwartier.site.transaction import Transaction


def send(message: Transaction) -> Call[MessageResult]:
    """What became of a message, and the state of its transaction; its `site_id` says of which site it is."""
    return Call("POST", "/v1/transactions", read=document_of(MessageResult), **sending(json_of(message)))


def list_all(site_id: str, *, page_size: int = 100) -> Listing[ReadTransaction]:
    """The transactions of a site, by their start."""
    return Listing(
        lambda after: Call(
            "GET",
            "/v1/sites/{site_id}/transactions",
            read=document_of(TransactionPage),
            ids={"site_id": site_id},
            query={"after": after, "page_size": page_size},
        )
    )
