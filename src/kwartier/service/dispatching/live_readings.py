"""The newest reading of every asset, as it comes in: what the guard looks at between plans.

Held in memory by the process that controls the sites; the store has every reading, and fills this after a start.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from kwartier.service.measurement_row import MeasurementRow, RowOutcome
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.measurement_writer import MeasurementWriter, QueueFull
from kwartier.units.phase import PHASES, PhaseName
from kwartier.units.quarter_hour import QUARTER_S, quarter_start_s

SiteKey = tuple[str, str]


@dataclass(frozen=True)
class LiveReading:
    """A reading, when it was heard on the clock that never jumps, and how old it was then."""

    row: MeasurementRow
    heard_clock_s: float
    quarter_wh: float
    """What the power of this asset made since the quarter-hour of the reading began, Wh."""
    quarter_wh_by_phase: Mapping[PhaseName, float] = field(default_factory=dict)
    """The same of each phase that the reading tells the power of; only of assets whose phases are counted."""

    def age_s(self, clock_s: float) -> float:
        """How old it is now; negative for one from the future."""
        return clock_s - self.heard_clock_s + (self.row.received_us - self.row.measured_us) / 1e6


class LiveReadings:
    """The readings of the assets that are watched, and of no others: senders may make up names without end.

    Safe to use from any thread.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._watched: dict[SiteKey, frozenset[str]] = {}
        self._phased: dict[SiteKey, frozenset[str]] = {}
        self._sites: defaultdict[SiteKey, dict[str, LiveReading]] = defaultdict(dict)
        self._receivers: list[Callable[[SiteKey, frozenset[str]], None]] = []

    def watch(self, key: SiteKey, assets: frozenset[str], phased: frozenset[str] = frozenset()) -> None:
        """Keep the readings of these assets of a site from now on, and forget those of others; of none: of no one.

        Of those that are `phased` the energy of each phase is counted too.
        """
        with self._lock:
            if not assets:
                for kept in (self._watched, self._phased, self._sites):
                    kept.pop(key, None)
                return
            self._watched[key], self._phased[key] = assets, phased
            self._sites[key] = {name: one for name, one in self._sites[key].items() if name in assets}

    def listen(self, receiver: Callable[[SiteKey, frozenset[str]], None]) -> None:
        """Have a function called, without blocking, for every site with the assets that newer readings came from."""
        self._receivers.append(receiver)

    def heard(self, rows: Sequence[MeasurementRow]) -> None:
        """Take in rows that are stored, in whatever order; older ones than those known are of no use here."""
        clock_s = self._clock.monotonic_s()
        newer: defaultdict[SiteKey, set[str]] = defaultdict(set)
        with self._lock:
            for row in rows:
                key = (row.partner_id, row.site_id)
                if row.asset_id not in self._watched.get(key, ()):
                    continue
                before = self._sites[key].get(row.asset_id)
                if before is None or row.measured_us > before.row.measured_us:
                    phased = row.asset_id in self._phased[key]
                    self._sites[key][row.asset_id] = _live(before, row, clock_s, phased=phased)
                    newer[key].add(row.asset_id)
        for key, assets in newer.items():
            for receiver in self._receivers:
                receiver(key, frozenset(assets))

    def of_site(self, key: SiteKey) -> Mapping[str, LiveReading]:
        """The newest reading of each asset of a site that was heard."""
        with self._lock:
            return dict(self._sites.get(key, {}))


def power_w_by_phase(row: MeasurementRow) -> dict[PhaseName, float]:
    """The power of each phase that a collector's reading tells, W."""
    pins: dict[str, dict[str, float]] = json.loads(row.pins) if row.pins else {}
    return {phase: pins[phase]["powerValue"] for phase in PHASES if "powerValue" in pins.get(phase, {})}


def _live(before: LiveReading | None, row: MeasurementRow, clock_s: float, *, phased: bool) -> LiveReading:
    before_us = None if before is None else before.row.measured_us
    whole = None if before is None else _Counted(before.row.power_w, before.quarter_wh)
    by_phase = {}
    if phased:
        before_w = {} if before is None else power_w_by_phase(before.row)
        for phase, power_w in power_w_by_phase(row).items():
            counted = (
                _Counted(before_w[phase], before.quarter_wh_by_phase[phase])
                if before is not None and phase in before.quarter_wh_by_phase
                else None
            )
            by_phase[phase] = _quarter_wh(counted, before_us, power_w, row.measured_us)
    return LiveReading(row, clock_s, _quarter_wh(whole, before_us, row.power_w, row.measured_us), by_phase)


class _Counted(NamedTuple):
    """The power of a reading, and the energy of its quarter-hour up to it."""

    power_w: float
    quarter_wh: float


def _quarter_wh(before: _Counted | None, before_us: int | None, power_w: float, measured_us: int) -> float:
    """The energy of the reading's quarter-hour so far, at the mean power between two readings.

    Before the first reading of a quarter-hour, or of all, its own power is taken to have flowed.
    """
    at_s = measured_us / 1e6
    start_s = quarter_start_s(at_s)
    if before is None or before_us is None or before_us / 1e6 < start_s - QUARTER_S:
        return power_w * (at_s - start_s) / 3600.0
    mean_w = (before.power_w + power_w) / 2.0
    if before_us / 1e6 < start_s:
        return mean_w * (at_s - start_s) / 3600.0
    return before.quarter_wh + mean_w * (at_s - before_us / 1e6) / 3600.0


class ListeningWriter:
    """Implements `kwartier.service.ports.MeasurementWriter`: hands on what another one has stored."""

    def __init__(self, writer: MeasurementWriter, live: LiveReadings) -> None:
        self._writer, self._live = writer, live

    def submit(self, rows: Sequence[MeasurementRow]) -> "Future[list[RowOutcome]] | QueueFull":
        """Hand rows over; once they are durable, the control hears of those of known sites."""
        submitted = self._writer.submit(rows)
        if not isinstance(submitted, QueueFull):
            submitted.add_done_callback(lambda done: self._stored(rows, done))
        return submitted

    def _stored(self, rows: Sequence[MeasurementRow], done: "Future[list[RowOutcome]]") -> None:
        if done.cancelled() or done.exception() is not None:
            return
        outcomes = done.result()
        self._live.heard(
            [row for row, outcome in zip(rows, outcomes, strict=True) if outcome != "unknown_site"]
        )
