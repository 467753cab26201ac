"""Take a charging transaction's message in."""

from kwartier.service.caller import Caller
from kwartier.service.ingest_measurements import MOST_AHEAD, InTheFuture
from kwartier.service.material_change import is_material
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_turn import DEBOUNCE
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.planning_turns import PlanningTurns
from kwartier.service.ports.transaction_store import MessageKept, TransactionStore
from kwartier.site.transaction import Transaction


def ingest_transaction(
    caller: Caller,
    site_id: str,
    message: Transaction,
    *,
    transactions: TransactionStore,
    turns: PlanningTurns,
    clock: Clock,
    crash_points: CrashPoints = no_crash,
) -> MessageKept | UnknownSite | InTheFuture:
    """The message is stored durably, and the transaction is what all its messages tell, in whatever order they came.

    Where it changes what to plan by, or comes again, the site is planned again soon.
    """
    now = clock.now()
    if message.timestamp > now + MOST_AHEAD:
        return InTheFuture()
    crash_points("rows_accepted")
    kept = transactions.keep(caller.partner_id, site_id, message, now)
    if isinstance(kept, MessageKept) and _needs_plan(kept):
        turns.ask(caller.partner_id, site_id, now + DEBOUNCE)
    return kept


def _needs_plan(kept: MessageKept) -> bool:
    """Whether the site is to be planned again: also for a message that comes again.

    Who sends it again has heard nothing: it may have been stored, and the database gone before a plan was asked for.
    What is asked for within `DEBOUNCE` is one plan.
    """
    return kept.outcome == "unchanged" or is_material(kept.before, kept.history.latest)
