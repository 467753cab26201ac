"""Take measurements in."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import MeasurementRow, RowOutcome, measurement_row, microseconds
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.measurement_writer import MeasurementWriter, QueueFull
from kwartier.site.measurement import Measurement

# contract.md, section 3: a clock may be a little ahead, and not more.
MOST_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Refusal:
    """Why a message is not taken: which rule, which field, what is allowed; nothing of the message itself."""

    rule: str
    field: str
    message: str


SITE_ID_MISSING = Refusal("shape.missing", "siteId", "a measurement sent over REST names its site")
IN_THE_FUTURE = Refusal(
    "timestamp.future", "timestamp", "the time is more than 5 min in the future: set the sender's clock"
)


@dataclass(frozen=True)
class PendingIngest:
    """Rows on their way to the store; `rows` is done once they are durable."""

    rows: "Future[list[RowOutcome]]"
    refusal_by_position: Mapping[int, Refusal]

    def outcomes(self) -> list[RowOutcome | Refusal]:
        """What became of each measurement, in their order; waits for the store, and raises its fault."""
        found = iter(self.rows.result())
        count = len(self.refusal_by_position) + len(self.rows.result())
        refusals = self.refusal_by_position
        return [refusals[place] if place in refusals else next(found) for place in range(count)]


def ingest_measurements(
    caller: Caller,
    measurements: Sequence[Measurement],
    *,
    writer: MeasurementWriter,
    clock: Clock,
    crash_points: CrashPoints = no_crash,
) -> PendingIngest | QueueFull:
    """Judge the measurements and hand those that are fit to the writer, without waiting for it.

    Assets that stand in no configuration are taken: their site may be configured later. A state of charge that a
    battery lacks shows in the validation status (`receiving_measurement_data`), for the same reason.
    """
    now = clock.now()
    latest, received_us = now + MOST_AHEAD, microseconds(now)
    rows: list[MeasurementRow] = []
    refusals: dict[int, Refusal] = {}
    for position, measurement in enumerate(measurements):
        if measurement.site_id is None:
            refusals[position] = SITE_ID_MISSING
        elif measurement.timestamp > latest:
            refusals[position] = IN_THE_FUTURE
        else:
            rows.append(measurement_row(caller.partner_id, measurement.site_id, measurement, received_us))
    crash_points("rows_accepted")
    submitted = writer.submit(rows) if rows else _nothing()
    return submitted if isinstance(submitted, QueueFull) else PendingIngest(submitted, refusals)


def _nothing() -> "Future[list[RowOutcome]]":
    done: Future[list[RowOutcome]] = Future()
    done.set_result([])
    return done
