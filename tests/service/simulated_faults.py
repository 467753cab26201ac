"""What goes wrong in the simulated service, drawn from the dice of its seed."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any, Literal, TypeVar

from kwartier.planning.fallback import fallback_plan
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.request import PlanRequest
from kwartier.service.faults import StoreFull, StoreUnavailable
from kwartier.service.measurement_row import MeasurementRow, RowOutcome
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import MeasurementWriter, QueueFull
from kwartier.service.ports.planner import PlannerBusy

T = TypeVar("T")
JUMPS_S = (-3600.0, -300.0, -1.0, 1.0, 300.0, 3600.0)
# What does not come through between a site and the service: nothing it says, nothing it is told, or neither.
Partition = Literal["unheard", "untold", "cut off"]


@dataclass
class Faults:
    """What is wrong now; drawn anew every few minutes while there are faults at all."""

    loss_ratio: float = 0.0
    repeat_ratio: float = 0.0
    partitions: dict[str, Partition] = field(default_factory=dict)
    planner: str = "plans"
    is_store_away: bool = False
    failing_write_ratio: float = 0.0
    clock_error_s: float = 0.0
    dies_for_steps: int = 0

    @staticmethod
    def drawn(dice: Random, site_ids: list[str]) -> "Faults":
        """Mostly little, now and then much."""
        kinds: tuple[Partition, ...] = ("unheard", "untold", "cut off")
        return Faults(
            loss_ratio=dice.choice([0.0, 0.1, 0.3]),
            repeat_ratio=dice.choice([0.0, 0.2, 0.5]),
            partitions={one: dice.choice(kinds) for one in site_ids if dice.random() < 0.3},
            planner=dice.choice(["plans", "plans", "hangs", "busy", "breaks"]),
            is_store_away=dice.random() < 0.1,
            failing_write_ratio=dice.choice([0.0, 0.0, 0.05, 0.3]),
            clock_error_s=dice.choice(JUMPS_S) if dice.random() < 0.25 else 0.0,
            dies_for_steps=dice.randint(1, 4) if dice.random() < 0.25 else 0,
        )

    def is_heard(self, site_id: str) -> bool:
        """Whether what a site says arrives."""
        return self.partitions.get(site_id) not in ("unheard", "cut off")

    def is_told(self, site_id: str) -> bool:
        """Whether what a site is told arrives."""
        return self.partitions.get(site_id) not in ("untold", "cut off")


class FaultyPlanner:
    """The planner as the service sees it while its worker hangs, is busy, or something of ours is broken."""

    def __init__(self, *, solves: bool) -> None:
        self.mode, self._solves = "plans", solves

    def plan(self, request: PlanRequest, *, previous: Plan | None = None) -> Plan | PlannerBusy:
        """The plan; without solving charging on arrival, as good to the rest of the service, at a tenth of the cost."""
        if self.mode == "busy":
            return PlannerBusy(10.0)
        if self.mode == "breaks":
            raise StoreUnavailable("the worker could not be started")
        if self.mode == "hangs" or not self._solves:
            return fallback_plan(request, "the worker gave no answer in time")
        return plan(request, previous=previous)


class FaultyDisk:
    """Fails so many of the writes: mostly nothing is stored, in one of four all of it, and only the answer is lost."""

    def __init__(self, dice: Random) -> None:
        self._dice, self.ratio = dice, 0.0

    def write(self, write: Callable[[], T]) -> T:
        """Do a write, or fail."""
        if self._dice.random() >= self.ratio:
            return write()
        if self._dice.random() < 0.25:
            write()
            raise StoreUnavailable("the database went away after the commit")
        raise StoreFull("the database has no space left")


class _FailingStore:
    """A store whose writes fail as the disk does."""

    def __init__(self, store: object, disk: FaultyDisk, writes: tuple[str, ...]) -> None:
        self._store, self._disk, self._writes = store, disk, writes

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return partial(self._write, method) if name in self._writes else method

    def _write(self, method: Any, *arguments: Any, **named: Any) -> Any:
        return self._disk.write(partial(method, *arguments, **named))


def _failing(store: object, disk: FaultyDisk, *writes: str) -> Any:
    return _FailingStore(store, disk, writes)


class _FailingWriter:
    """A measurement writer that says so in the future it gives, as the real one does."""

    def __init__(self, writer: MeasurementWriter, disk: FaultyDisk) -> None:
        self._writer, self._disk = writer, disk

    def submit(self, rows: Sequence[MeasurementRow]) -> "Future[list[RowOutcome]] | QueueFull":
        """The rows, stored or not."""
        try:
            submitted = self._disk.write(partial(self._writer.submit, rows))
        except (StoreFull, StoreUnavailable) as fault:
            failed: Future[list[RowOutcome]] = Future()
            failed.set_exception(fault)
            return failed
        return submitted


def on_faulty_disk(ports: Ports, disk: FaultyDisk) -> Ports:
    """The ports with every store that the planning, the control and the intake write to on one disk."""
    return replace(
        ports,
        measurement_writer=_FailingWriter(ports.measurement_writer, disk),
        transactions=_failing(ports.transactions, disk, "keep"),
        plans=_failing(ports.plans, disk, "keep_in_turn"),
        turns=_failing(ports.turns, disk, "ask", "take", "drop", "end"),
        outbox=_failing(ports.outbox, disk, "post", "settle"),
        standings=_failing(ports.standings, disk, "keep"),
        events=_failing(ports.events, disk, "append"),
    )
