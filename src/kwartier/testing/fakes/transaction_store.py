"""Charging transactions in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.ports.transaction_store import (
    MessageKept,
    MessageOutcome,
    StoredMessage,
    TransactionKey,
)
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import (
    TransactionHistory,
    message_key,
    rank,
    says_the_same,
    transaction_history,
    with_missing_stops,
)


class FakeTransactionStore:
    """Implements `kwartier.service.ports.TransactionStore`."""

    def __init__(self, sites: SiteStore) -> None:
        self._sites = sites
        self._messages: defaultdict[tuple[str, str, str, str], list[StoredMessage]] = defaultdict(list)

    def keep(
        self, partner_id: str, site_id: str, message: Transaction, received_at: datetime
    ) -> MessageKept | UnknownSite:
        """Store a message."""
        if self._sites.get(partner_id, site_id) is None:
            return UnknownSite()
        kept = self._messages[partner_id, site_id, message.asset_id, message.transaction_id]
        before = transaction_history(one.message for one in kept).latest if kept else None
        same = [one for one in kept if message_key(one.message) == message_key(message)]
        outcome: MessageOutcome = "stored"
        if same:
            outcome = "unchanged" if says_the_same(same[-1].message, message) else "corrected"
        if outcome != "unchanged":
            kept.append(StoredMessage(message, received_at, len(same)))
        return MessageKept(outcome, transaction_history(one.message for one in kept), before)

    def list_after(
        self, partner_id: str, site_id: str, after: TransactionKey | None, limit_count: int
    ) -> Sequence[TransactionHistory]:
        """At most so many transactions by start, asset and id, those behind `after`."""
        behind = [one for one in self._histories(partner_id, site_id) if after is None or _key(one) > after]
        return behind[:limit_count]

    def list_running(self, partner_id: str, site_id: str) -> Sequence[TransactionHistory]:
        """The transactions that have not ended."""
        return [one for one in self._histories(partner_id, site_id) if one.is_running]

    def list_messages(
        self, partner_id: str, site_id: str, asset_id: str, transaction_id: str
    ) -> Sequence[StoredMessage]:
        """Every message of a transaction in the order of a session, and what it said before it was corrected."""
        kept = self._messages[partner_id, site_id, asset_id, transaction_id]
        return sorted(kept, key=lambda one: (one.message.timestamp, rank(one.message), one.revision_number))

    def _histories(self, partner_id: str, site_id: str) -> list[TransactionHistory]:
        own = [kept for name, kept in self._messages.items() if name[:2] == (partner_id, site_id) and kept]
        told = (transaction_history(one.message for one in kept) for kept in own)
        return sorted(with_missing_stops(told), key=_key)


def _key(history: TransactionHistory) -> TransactionKey:
    return TransactionKey(history.latest.start_time, history.latest.asset_id, history.latest.transaction_id)
