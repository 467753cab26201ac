"""A session's messages in any order, late, repeated, corrected or lost, lead to the state that they tell."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwartier.site.transaction import Transaction, TransactionState
from kwartier.site.transaction_history import message_key, transaction_history, with_missing_stops

START = "2025-03-03T08:00:00Z"


def message(state: TransactionState, minute: int, **more: Any) -> Transaction:
    timestamp = f"2025-03-03T{8 + minute // 60:02}:{minute % 60:02}:00Z"
    told = {"asset_id": "pole", "transaction_id": "7", "start_time": START, "timestamp": timestamp}
    return Transaction.model_validate({**told, "transaction_state": state, **more})


COURSE = [
    message("Started", 0, energy_charged=0),
    message("Updated", 15, energy_charged=2_000),
    message("SuspendedEV", 30, energy_charged=4_000),
    message("Updated", 45, energy_charged=4_500),
    message("Ended", 60, energy_charged=5_000, stop_time="2025-03-03T08:59:30Z"),
]


def test_an_ordinary_course_ends_without_irregularities() -> None:
    history = transaction_history(COURSE)
    assert (history.state, history.is_running, history.message_count) == ("Ended", False, 5)
    assert history.irregularities == ()
    assert history.stopped_at == COURSE[-1].stop_time
    assert history.latest.energy_charged == 5_000


def test_every_order_of_arrival_leads_to_the_same_session() -> None:
    told = transaction_history(COURSE)
    assert all(transaction_history(order) == told for order in permutations(COURSE))


MESSAGES = st.lists(
    st.builds(
        message,
        st.sampled_from(["Started", "Updated", "SuspendedEV", "Ended"]),
        st.integers(0, 90),
        energy_charged=st.none() | st.integers(0, 9_000),
        stop_time=st.none() | st.sampled_from(["2025-03-03T07:00:00Z", "2025-03-03T09:00:00Z"]),
        start_time=st.sampled_from([START, "2025-03-03T08:01:00Z"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=message_key,
)


@given(MESSAGES, st.randoms(use_true_random=False), st.data())
def test_any_messages_in_any_order_with_any_repeats_tell_one_session(
    messages: list[Transaction], dice: Any, data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(messages), max_size=8))
    shuffled = [*messages, *repeats]
    dice.shuffle(shuffled)
    told = transaction_history(messages)
    assert transaction_history(shuffled) == told
    assert told.latest.timestamp == max(one.timestamp for one in messages)


@given(MESSAGES)
def test_each_message_before_the_end_is_replaced_by_a_later_one(messages: list[Transaction]) -> None:
    ordered = sorted(messages, key=lambda one: one.timestamp)
    known = [transaction_history(ordered[: count + 1]).latest.timestamp for count in range(len(ordered))]
    assert all(earlier <= later for earlier, later in pairwise(known))


@pytest.mark.parametrize(
    ("messages", "irregularity"),
    [
        ([message("Updated", 5)], "missing_start"),
        ([message("Ended", 5)], "missing_start"),
        ([message("Started", 0), message("Started", 1)], "started_twice"),
        ([message("Started", 0), message("Ended", 1), message("Ended", 2)], "ended_twice"),
        ([message("Started", 0), message("Ended", 1), message("Updated", 2)], "continued_after_end"),
        (
            [message("Started", 0), message("Updated", 1, start_time="2025-03-03T07:59:00Z")],
            "start_time_changed",
        ),
        ([message("Started", 0), message("Ended", 1, stop_time="2025-03-03T07:00:00Z")], "stop_before_start"),
        ([message("Started", 0, energy_charged=10), message("Updated", 1, energy_charged=9)], "energy_fell"),
    ],
)
def test_what_the_messages_say_against_themselves_is_kept(
    messages: list[Transaction], irregularity: str
) -> None:
    assert transaction_history(messages).irregularities == (irregularity,)


def test_a_late_start_takes_the_irregularity_away() -> None:
    update = message("Updated", 5)
    assert transaction_history([update]).irregularities == ("missing_start",)
    assert transaction_history([update, message("Started", 0)]).irregularities == ()


def test_messages_of_one_second_stand_in_the_order_of_a_session() -> None:
    assert transaction_history([message("Ended", 0), message("Started", 0)]).state == "Ended"


def test_a_correction_replaces_the_message_with_the_same_key() -> None:
    wrong, right = message("Updated", 5, energy_charged=99_000), message("Updated", 5, energy_charged=990)
    history = transaction_history([COURSE[0], wrong, right])
    assert (history.message_count, history.latest.energy_charged) == (2, 990)


def test_a_session_without_a_stop_time_stopped_when_its_end_was_told() -> None:
    end = message("Ended", 5)
    assert transaction_history([message("Started", 0), end]).stopped_at == end.timestamp


def test_messages_of_two_transactions_are_no_history() -> None:
    with pytest.raises(ValueError, match="one transaction"):
        transaction_history([message("Started", 0), message("Started", 0, transaction_id="8")])


def test_a_pole_that_began_another_session_lacks_the_stop_of_the_first() -> None:
    first = transaction_history([message("Started", 0)])
    second = transaction_history(
        [message("Started", 30, transaction_id="8", start_time="2025-03-03T08:30:00Z")]
    )
    marked = with_missing_stops([first, second])
    assert [one.irregularities for one in marked] == [("missing_stop",), ()]
    assert marked[0].is_running


def test_a_reservation_ends_nothing() -> None:
    running = transaction_history([message("Started", 0)])
    reserved = transaction_history(
        [message("Started", 5, transaction_id="8", start_time="2025-03-03T18:00:00Z")]
    )
    assert with_missing_stops([running, reserved]) == [running, reserved]
