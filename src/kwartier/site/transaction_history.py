"""A charging session made of its messages: a state machine that any order of arrival leads to the same end.

Messages are ordered by what they say, never by when they came: by `timestamp`, then by state. The last one counts; what
the sequence says against itself (no start, news after the end) is kept as irregularities; nothing is made up for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kwartier.site.transaction import Transaction, TransactionState

Irregularity = Literal[
    "missing_start",
    "started_twice",
    "ended_twice",
    "continued_after_end",
    "start_time_changed",
    "stop_before_start",
    "energy_fell",
    "missing_stop",
]

# Messages of one second stand in the order in which a session goes through its states.
_RANK: dict[TransactionState, int] = {"Started": 0, "Updated": 1, "SuspendedEV": 2, "Ended": 3}

# What is irregular about a step from one state (None: before the first message) to the next; what is not listed is the
# ordinary course of a session.
_IRREGULAR_STEPS: dict[tuple[TransactionState | None, TransactionState], Irregularity] = {
    (None, "Updated"): "missing_start",
    (None, "SuspendedEV"): "missing_start",
    (None, "Ended"): "missing_start",
    ("Started", "Started"): "started_twice",
    ("Updated", "Started"): "started_twice",
    ("SuspendedEV", "Started"): "started_twice",
    ("Ended", "Started"): "continued_after_end",
    ("Ended", "Updated"): "continued_after_end",
    ("Ended", "SuspendedEV"): "continued_after_end",
    ("Ended", "Ended"): "ended_twice",
}


@dataclass(frozen=True)
class MessageKey:
    """What makes two messages the same one; the same key with other values is a correction."""

    asset_id: str
    transaction_id: str
    timestamp: datetime
    state: TransactionState


@dataclass(frozen=True)
class TransactionHistory:
    """A session as its messages tell it: the one that counts, and what is odd about the rest.

    `stopped_at` is the stop time where one is given, else the moment of the message that ended the session, else None.
    """

    latest: Transaction
    message_count: int
    irregularities: tuple[Irregularity, ...]

    @property
    def state(self) -> TransactionState:
        """The state of the message that counts."""
        return self.latest.transaction_state

    @property
    def is_running(self) -> bool:
        """Whether the car is still there, as far as the messages tell."""
        return self.state != "Ended"

    @property
    def stopped_at(self) -> datetime | None:
        """When the session ended; None while it runs."""
        if self.is_running:
            return None
        return self.latest.stop_time or self.latest.timestamp


def message_key(message: Transaction) -> MessageKey:
    """What identifies a message among those of one site."""
    return MessageKey(message.asset_id, message.transaction_id, message.timestamp, message.transaction_state)


def says_the_same(one: Transaction, other: Transaction) -> bool:
    """Whether two messages have the same values, whichever model they came in."""
    return one.model_dump() == other.model_dump()


def rank(message: Transaction) -> int:
    """The place of a message's state in a session; it orders messages of one moment."""
    return _RANK[message.transaction_state]


def transaction_history(messages: Iterable[Transaction]) -> TransactionHistory:
    """The session that the messages of one transaction (same asset, same id; at least one) tell, in whatever order.

    Of two messages with the same key the later in the iterable counts. Raises ValueError for messages of several
    transactions, or none.

    >>> from kwartier.site.transaction import Transaction
    >>> told = dict(asset_id="pole", transaction_id="7", start_time="2025-03-03T08:00:00Z")
    >>> end = Transaction(**told, timestamp="2025-03-03T09:00:00Z", transaction_state="Ended")
    >>> start = Transaction(**told, timestamp="2025-03-03T08:00:00Z", transaction_state="Started")
    >>> transaction_history([end, start]).state
    'Ended'
    """
    by_key = {message_key(message): message for message in messages}
    if len({(key.asset_id, key.transaction_id) for key in by_key}) != 1:
        raise ValueError("a history is of one transaction at one asset: sort the messages by both first")
    ordered = [by_key[key] for key in sorted(by_key, key=lambda key: (key.timestamp, _RANK[key.state]))]
    return TransactionHistory(ordered[-1], len(ordered), _irregularities(ordered))


def _irregularities(ordered: list[Transaction]) -> tuple[Irregularity, ...]:
    """What is odd about messages in their order, each named once, sorted by name."""
    found: set[Irregularity] = set()
    before: Transaction | None = None
    for message in ordered:
        step = (before.transaction_state if before else None, message.transaction_state)
        if step in _IRREGULAR_STEPS:
            found.add(_IRREGULAR_STEPS[step])
        if message.stop_time is not None and message.stop_time < message.start_time:
            found.add("stop_before_start")
        if before is not None:
            found |= _contradictions(before, message)
        before = message
    return tuple(sorted(found))


def _contradictions(before: Transaction, after: Transaction) -> set[Irregularity]:
    found: set[Irregularity] = set()
    if after.start_time != before.start_time:
        found.add("start_time_changed")
    if (
        before.energy_charged is not None
        and after.energy_charged is not None
        and after.energy_charged < before.energy_charged
    ):
        found.add("energy_fell")
    return found


def with_missing_stops(histories: Iterable[TransactionHistory]) -> list[TransactionHistory]:
    """The same sessions; one that runs on although its pole began another one later bears `missing_stop`.

    A pole serves one car at a time, so the end of the earlier session was never told. It stays running here: when it
    ended is not known, and a late message may still say so. A reservation (it starts after it was told) ends nothing.
    """
    known = list(histories)
    last_start: dict[str, datetime] = {}
    for message in (history.latest for history in known):
        if message.start_time <= message.timestamp:
            before = last_start.get(message.asset_id, message.start_time)
            last_start[message.asset_id] = max(message.start_time, before)
    return [_marked(history) if _is_overtaken(history, last_start) else history for history in known]


def _is_overtaken(history: TransactionHistory, last_start: dict[str, datetime]) -> bool:
    start = history.latest.start_time
    return history.is_running and start < last_start.get(history.latest.asset_id, start)


def _marked(history: TransactionHistory) -> TransactionHistory:
    marks: set[Irregularity] = {*history.irregularities, "missing_stop"}
    return TransactionHistory(history.latest, history.message_count, tuple(sorted(marks)))
