"""Take a charging transaction's message in."""

from kwartier.service.caller import Caller
from kwartier.service.ingest_measurements import MOST_AHEAD, InTheFuture
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.transaction_store import MessageKept, TransactionStore
from kwartier.site.transaction import Transaction


def ingest_transaction(
    caller: Caller,
    site_id: str,
    message: Transaction,
    *,
    transactions: TransactionStore,
    clock: Clock,
    crash_points: CrashPoints = no_crash,
) -> MessageKept | UnknownSite | InTheFuture:
    """The message is stored durably, and the transaction is what all its messages tell, in whatever order they came."""
    now = clock.now()
    if message.timestamp > now + MOST_AHEAD:
        return InTheFuture()
    crash_points("rows_accepted")
    return transactions.keep(caller.partner_id, site_id, message, now)
