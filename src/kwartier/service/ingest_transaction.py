"""Take a charging transaction's message in."""

from kwartier.service.caller import Caller
from kwartier.service.ingest_measurements import IN_THE_FUTURE, MOST_AHEAD, SITE_ID_MISSING, Refusal
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.transaction_store import MessageKept, TransactionStore
from kwartier.site.measurement import FIRST_MOMENT, LAST_MOMENT
from kwartier.site.transaction import Transaction

NOT_OF_OUR_TIME = Refusal(
    "timestamp.range", "timestamp", "a message's time lies from 2000 to 2099: set the clock"
)


def ingest_transaction(
    caller: Caller,
    message: Transaction,
    *,
    transactions: TransactionStore,
    clock: Clock,
    crash_points: CrashPoints = no_crash,
) -> MessageKept | UnknownSite | Refusal:
    """The message is stored durably, and the transaction is what all its messages tell, in whatever order they came."""
    if message.site_id is None:
        return SITE_ID_MISSING
    if not FIRST_MOMENT <= message.timestamp < LAST_MOMENT:
        return NOT_OF_OUR_TIME
    now = clock.now()
    if message.timestamp > now + MOST_AHEAD:
        return IN_THE_FUTURE
    crash_points("rows_accepted")
    return transactions.keep(caller.partner_id, message.site_id, message, now)
