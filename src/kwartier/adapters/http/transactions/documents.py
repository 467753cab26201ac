"""Transactions as they are read back."""

from typing import Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.service.ports.transaction_store import MessageOutcome
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import TransactionHistory
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel


class MessageResult(WireModel):
    """What became of a message."""

    status: MessageOutcome = Field(
        description="`stored` is new, `unchanged` was there already, `corrected` replaced other values."
    )
    transaction_state: str = Field(
        alias="transactionState", description="The state of the transaction, as all its messages tell it."
    )


class ReadTransaction(Transaction):
    """The message that counts, with what all messages of the transaction tell."""

    stopped_at: Instant | None = Field(
        default=None, description="The stop time, else when the end was told; absent while it runs."
    )
    message_count: int = Field(description="How many messages there are, corrected ones counted once.")
    irregularities: list[str] = Field(description="What the messages say against themselves.")


class TransactionPage(PageOf[ReadTransaction]):
    """A page of transactions, by their start."""


def transaction_document(site_id: str, history: TransactionHistory) -> dict[str, Any]:
    """The JSON value of a transaction; what was not sent is left out."""
    document = {
        **history.latest.model_dump(mode="json", exclude_none=True),
        "siteId": site_id,
        "messageCount": history.message_count,
        "irregularities": list(history.irregularities),
    }
    if history.stopped_at is not None:
        document["stoppedAt"] = format_instant(history.stopped_at)
    return document
