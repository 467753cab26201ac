"""Take measurements in."""

from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import MeasurementRow, RowOutcome, epoch_us, measurement_row
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.measurement_writer import MeasurementWriter, QueueFull
from kwartier.site.measurement import Measurement

# contract.md, section 3: a clock may be a little ahead, and not more.
MOST_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class InTheFuture:
    """The message's time is more than 5 min ahead of ours."""


@dataclass(frozen=True)
class PendingIngest:
    """Rows on their way to the store; `rows` is done once they are durable."""

    rows: "Future[list[RowOutcome]]"
    future_indices: Collection[int]

    def outcomes(self) -> list[RowOutcome | InTheFuture]:
        """What became of each measurement, in their order; waits for the store, and raises its fault."""
        rows = self.rows.result()
        if not self.future_indices:
            return [*rows]
        rest = iter(rows)
        count = len(rows) + len(self.future_indices)
        return [InTheFuture() if place in self.future_indices else next(rest) for place in range(count)]


def ingest_measurements(
    caller: Caller,
    measurements: Sequence[tuple[str, Measurement]],
    *,
    writer: MeasurementWriter,
    clock: Clock,
    crash_points: CrashPoints = no_crash,
) -> PendingIngest | QueueFull:
    """Judge measurements, each with the id of its site, and hand the fit ones to the writer without waiting for it.

    Assets that stand in no configuration are taken: their site may be configured later. A state of charge that a
    battery lacks shows in the validation status (`receiving_measurement_data`), for the same reason.
    """
    now = clock.now()
    latest, received_us = now + MOST_AHEAD, epoch_us(now)
    rows: list[MeasurementRow] = []
    in_the_future: set[int] = set()
    for position, (site_id, measurement) in enumerate(measurements):
        if measurement.timestamp > latest:
            in_the_future.add(position)
        else:
            rows.append(measurement_row(caller.partner_id, site_id, measurement, received_us))
    crash_points("rows_accepted")
    submitted = writer.submit(rows) if rows else _nothing()
    return submitted if isinstance(submitted, QueueFull) else PendingIngest(submitted, in_the_future)


def _nothing() -> "Future[list[RowOutcome]]":
    done: Future[list[RowOutcome]] = Future()
    done.set_result([])
    return done
