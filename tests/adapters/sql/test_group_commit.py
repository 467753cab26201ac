"""One writer for all: what several requests bring is committed together, and each hears of its own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from threading import Event

import pytest

from kwartier.adapters.sql import group_commit
from kwartier.adapters.sql.group_commit import QUEUE_ROWS_COUNT, GroupCommitWriter
from kwartier.service.faults import StoreUnavailable
from kwartier.service.measurement_row import MeasurementRow, RowOutcome
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.testing.contracts.measurement_store import a_row

PATIENCE_S = 10.0


class HeldStore:
    """Commits when it is let go; remembers its groups; breaks where a row is of the asset "broken" or "away"."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go = Event()
        self.is_busy = Event()

    def commit(self, requests: Sequence[Sequence[MeasurementRow]]) -> list[list[RowOutcome]]:
        self.is_busy.set()
        assert self.may_go.wait(PATIENCE_S)
        assets = {row.asset_id for rows in requests for row in rows}
        self.groups.append([len(rows) for rows in requests])
        if "broken" in assets:
            raise ValueError("a row that the database refuses")
        if "away" in assets:
            raise StoreUnavailable("gone")
        return [["stored"] * len(rows) for rows in requests]

    def close(self) -> None:
        self.groups.append([])


@pytest.fixture
def store() -> HeldStore:
    return HeldStore()


@pytest.fixture
def writer(store: HeldStore) -> Iterator[GroupCommitWriter]:
    opened = GroupCommitWriter(store)
    yield opened
    store.may_go.set()
    opened.close()


def submitted(
    writer: GroupCommitWriter, count: int = 1, asset_id: str = "pole"
) -> "Future[list[RowOutcome]]":
    found = writer.submit([a_row(number, asset_id=asset_id) for number in range(count)])
    assert not isinstance(found, QueueFull)
    return found


def occupied(writer: GroupCommitWriter, store: HeldStore, count: int = 1) -> "Future[list[RowOutcome]]":
    """A first request that the store is busy with."""
    first = submitted(writer, count)
    assert store.is_busy.wait(PATIENCE_S)
    return first


def test_what_comes_while_a_group_is_written_goes_into_the_next_one(
    writer: GroupCommitWriter, store: HeldStore
) -> None:
    waiting = [occupied(writer, store), *(submitted(writer, count) for count in (1, 5, 2))]
    store.may_go.set()
    assert [len(one.result(PATIENCE_S)) for one in waiting] == [1, 1, 5, 2]
    assert store.groups == [[1], [1, 5, 2]]


def test_a_group_ends_with_two_thousand_rows(writer: GroupCommitWriter, store: HeldStore) -> None:
    waiting = [occupied(writer, store), *(submitted(writer, 999) for _ in range(4))]
    store.may_go.set()
    for one in waiting:
        one.result(PATIENCE_S)
    assert store.groups == [[1], [999, 999, 999], [999]]  # the third passes 2,000


def test_the_queue_takes_twenty_thousand_rows_and_not_one_more(
    writer: GroupCommitWriter, store: HeldStore
) -> None:
    waiting = [occupied(writer, store, 10_000), submitted(writer, 10_000)]
    assert writer.queued_count == QUEUE_ROWS_COUNT == 20_000
    assert writer.submit([a_row(0)]) == QueueFull()
    store.may_go.set()
    for one in waiting:
        one.result(PATIENCE_S)
    assert submitted(writer).result(PATIENCE_S) == ["stored"]


def test_one_request_that_the_database_refuses_keeps_no_other_out(
    writer: GroupCommitWriter, store: HeldStore
) -> None:
    first = occupied(writer, store)
    good, bad, other = submitted(writer), submitted(writer, asset_id="broken"), submitted(writer)
    store.may_go.set()
    assert first.result(PATIENCE_S) == good.result(PATIENCE_S) == other.result(PATIENCE_S) == ["stored"]
    with pytest.raises(ValueError, match="refuses"):
        bad.result(PATIENCE_S)


def test_where_the_database_is_away_nobody_waits_for_another_attempt(
    writer: GroupCommitWriter, store: HeldStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "GROUP_ROWS_COUNT", 1)
    away = submitted(writer, asset_id="away")
    assert store.is_busy.wait(PATIENCE_S)
    behind = submitted(writer)
    store.may_go.set()
    for one in (away, behind):
        with pytest.raises(StoreUnavailable):
            one.result(PATIENCE_S)
    assert store.groups == [[1]]
    assert submitted(writer).result(PATIENCE_S) == ["stored"]


def test_a_request_that_nobody_waits_for_is_left_out(writer: GroupCommitWriter, store: HeldStore) -> None:
    first = occupied(writer, store)
    left, kept = submitted(writer, 7), submitted(writer)
    assert left.cancel()
    store.may_go.set()
    assert first.result(PATIENCE_S) == kept.result(PATIENCE_S) == ["stored"]
    assert store.groups == [[1], [1]]


def test_closing_writes_what_is_queued_and_takes_no_more(store: HeldStore) -> None:
    writer = GroupCommitWriter(store)
    waiting = [occupied(writer, store), submitted(writer, 3)]
    store.may_go.set()
    writer.close()
    assert [one.result(0) for one in waiting] == [["stored"], ["stored"] * 3]
    assert store.groups[-1] == []  # closed, after all groups
    with pytest.raises(StoreUnavailable):
        writer.submit([a_row(0)])


def figure(writer: GroupCommitWriter, name: str, **labels: str) -> float | None:
    return writer.figures.registry.get_sample_value(f"kwartier_ingest_{name}", labels)


def test_the_monitoring_hears_of_the_queue_and_of_every_row(
    writer: GroupCommitWriter, store: HeldStore
) -> None:
    good = submitted(writer, 3)
    assert store.is_busy.wait(PATIENCE_S)
    full = [submitted(writer, QUEUE_ROWS_COUNT - 3)]
    assert isinstance(writer.submit([a_row(0)]), QueueFull)
    assert figure(writer, "queued_rows") == figure(writer, "queue_capacity_rows") == QUEUE_ROWS_COUNT
    store.may_go.set()
    for future in (good, *full):
        future.result(PATIENCE_S)
    with pytest.raises(ValueError, match="refuses"):
        submitted(writer, 2, "broken").result(PATIENCE_S)
    writer.close()
    counted = [figure(writer, "rows_total", outcome=outcome) for outcome in ("stored", "queue_full", "fault")]
    assert counted == [QUEUE_ROWS_COUNT, 1, 2]
    assert (
        figure(writer, "commit_duration_seconds_count") == len(store.groups) - 1
    )  # the last one is the close
    assert figure(writer, "queued_rows") == 0
