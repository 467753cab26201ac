"""What a store of charging transactions promises."""

from datetime import timedelta
from itertools import permutations

from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.transaction_store import MessageKept, StoredMessage, TransactionKey
from kwartier.site.transaction import Transaction, TransactionState
from kwartier.site.transaction_history import transaction_history
from kwartier.testing.contracts.examples import MONDAY, TUESDAY
from kwartier.testing.contracts.measurement_store import a_site
from kwartier.testing.contracts.promises import Promises, Stores

TRANSACTION_STORE = Promises()


def a_message(
    state: TransactionState,
    minute_index: int,
    transaction_id: str = "7",
    *,
    asset_id: str = "pole",
    start_index: int = 0,
    energy_wh: float | None = None,
) -> Transaction:
    """A message so many minutes after Monday's start."""
    return Transaction(
        asset_id=asset_id,
        transaction_id=transaction_id,
        timestamp=MONDAY + timedelta(minutes=minute_index),
        transaction_state=state,
        start_time=MONDAY + timedelta(minutes=start_index),
        energy_charged=energy_wh,
    )


def kept(stores: Stores, message: Transaction, partner_id: str = "alpha") -> MessageKept:
    """What became of a message to the hall."""
    outcome = stores.transactions.keep(partner_id, "hall", message, TUESDAY)
    assert isinstance(outcome, MessageKept)
    return outcome


@TRANSACTION_STORE
def every_order_of_arrival_leads_to_the_same_transaction(stores: Stores) -> None:
    """Also with each message sent twice."""
    a_site(stores)
    course = [a_message("Started", 0), a_message("Updated", 5), a_message("Ended", 9)]
    last = None
    for number, order in enumerate(permutations(course)):
        name = f"t{number}"
        for message in (*order, *order):
            last = kept(stores, message.model_copy(update={"transaction_id": name}))
        assert last is not None
        assert last.history.state == "Ended"
        assert (last.history.message_count, last.history.irregularities) == (3, ())
    found = stores.transactions.list_after("alpha", "hall", None, 100)
    assert {(one.state, one.message_count, one.irregularities) for one in found} == {("Ended", 3, ())}
    assert len(found) == 6


@TRANSACTION_STORE
def the_same_message_again_is_unchanged_and_another_with_its_key_a_correction(stores: Stores) -> None:
    """What it said before stays readable."""
    a_site(stores)
    wrong, right = a_message("Updated", 5, energy_wh=99_000.0), a_message("Updated", 5, energy_wh=990.0)
    assert [kept(stores, one).outcome for one in (wrong, wrong, right, right)] == [
        "stored",
        "unchanged",
        "corrected",
        "unchanged",
    ]
    assert stores.transactions.list_messages("alpha", "hall", "pole", "7") == [
        StoredMessage(wrong, TUESDAY, 0),
        StoredMessage(right, TUESDAY, 1),
    ]
    (history,) = stores.transactions.list_after("alpha", "hall", None, 10)
    assert history == transaction_history([right])


@TRANSACTION_STORE
def one_id_at_two_poles_is_two_transactions(stores: Stores) -> None:
    """Nobody guesses which pole was meant."""
    a_site(stores)
    for asset_id in ("pole", "other"):
        kept(stores, a_message("Started", 0, asset_id=asset_id))
    found = stores.transactions.list_after("alpha", "hall", None, 10)
    assert [one.latest.asset_id for one in found] == ["other", "pole"]


@TRANSACTION_STORE
def transactions_are_listed_by_start_in_pages(stores: Stores) -> None:
    """Then by asset and id; those that run can be asked for."""
    a_site(stores)
    for name, start_index in (("late", 30), ("b", 10), ("a", 10)):
        kept(stores, a_message("Started", start_index, name, start_index=start_index))
    kept(stores, a_message("Ended", 40, "b", start_index=10))
    found = stores.transactions.list_after("alpha", "hall", None, 2)
    assert [one.latest.transaction_id for one in found] == ["a", "b"]
    place = TransactionKey(found[-1].latest.start_time, "pole", "b")
    rest = stores.transactions.list_after("alpha", "hall", place, 2)
    assert [one.latest.transaction_id for one in rest] == ["late"]
    running = stores.transactions.list_running("alpha", "hall")
    assert [one.latest.transaction_id for one in running] == ["a", "late"]


@TRANSACTION_STORE
def a_start_that_is_corrected_moves_the_transaction_in_the_list(stores: Stores) -> None:
    """It stands there once."""
    a_site(stores)
    kept(stores, a_message("Started", 0, "moves"))
    kept(stores, a_message("Started", 5, "stays", start_index=5))
    kept(stores, a_message("Updated", 20, "moves", start_index=10))
    found = stores.transactions.list_after("alpha", "hall", None, 10)
    assert [one.latest.transaction_id for one in found] == ["stays", "moves"]


@TRANSACTION_STORE
def another_partner_neither_writes_nor_reads(stores: Stores) -> None:
    """A site of another partner is unknown."""
    a_site(stores)
    kept(stores, a_message("Started", 0))
    assert stores.transactions.keep("beta", "hall", a_message("Ended", 1), TUESDAY) == UnknownSite()
    assert stores.transactions.list_after("beta", "hall", None, 10) == []
    assert stores.transactions.list_running("beta", "hall") == []
    assert stores.transactions.list_messages("beta", "hall", "pole", "7") == []


@TRANSACTION_STORE
def a_session_that_its_pole_has_overtaken_misses_its_stop(stores: Stores) -> None:
    """Whether the later one runs or has ended, until a late message tells the end; another pole's tells nothing."""
    a_site(stores)
    kept(stores, a_message("Started", 0, "lost"))
    kept(stores, a_message("Started", 60, "elsewhere", asset_id="other", start_index=60))
    following: tuple[tuple[TransactionState, int], ...] = (("Started", 30), ("Ended", 50))
    for state, minute in following:
        kept(stores, a_message(state, minute, "next", start_index=30))
        for listed in (
            stores.transactions.list_after("alpha", "hall", None, 100),
            stores.transactions.list_running("alpha", "hall"),
        ):
            marks = {one.latest.transaction_id: one.irregularities for one in listed}
            assert marks.pop("lost") == ("missing_stop",)
            assert set(marks.values()) == {()}
    kept(stores, a_message("Ended", 20, "lost"))
    listed = stores.transactions.list_after("alpha", "hall", None, 100)
    assert {one.irregularities for one in listed} == {()}


@TRANSACTION_STORE
def a_reservation_overtakes_nothing(stores: Stores) -> None:
    """It starts after it was told."""
    a_site(stores)
    kept(stores, a_message("Started", 0, "here"))
    kept(stores, a_message("Started", 10, "reserved", start_index=120))
    listed = stores.transactions.list_running("alpha", "hall")
    assert [one.irregularities for one in listed] == [(), ()]
