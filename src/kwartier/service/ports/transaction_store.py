"""The port to charging transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from kwartier.service.outcomes import UnknownSite
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import TransactionHistory

MessageOutcome = Literal["stored", "unchanged", "corrected"]


class TransactionKey(NamedTuple):
    """The place of a transaction in the list of its site."""

    start_time: datetime
    asset_id: str
    transaction_id: str


@dataclass(frozen=True)
class MessageKept:
    """What became of a message, the transaction as it is now, and the message of it that counted before, if any."""

    outcome: MessageOutcome
    history: TransactionHistory
    before: Transaction | None


@dataclass(frozen=True)
class StoredMessage:
    """A message as it is stored; corrected messages stay in the store, with a lower revision."""

    message: Transaction
    received_at: datetime
    revision_number: int


class TransactionStore(Protocol):
    """The transactions of one partner at a time. Each call is one transaction of the database."""

    def keep(
        self, partner_id: str, site_id: str, message: Transaction, received_at: datetime
    ) -> MessageKept | UnknownSite:
        """Store a message durably; the same message again changes nothing, one with the same key corrects it."""
        ...

    def list_after(
        self, partner_id: str, site_id: str, after: TransactionKey | None, limit_count: int
    ) -> Sequence[TransactionHistory]:
        """At most so many transactions by start, asset and id, those behind `after`."""
        ...

    def list_running(self, partner_id: str, site_id: str) -> Sequence[TransactionHistory]:
        """The transactions that have not ended, by start, asset and id."""
        ...

    def list_messages(
        self, partner_id: str, site_id: str, asset_id: str, transaction_id: str
    ) -> Sequence[StoredMessage]:
        """Every message of a transaction in the order of a session, and what it said before it was corrected."""
        ...
