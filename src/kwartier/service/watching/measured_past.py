"""What the meters of boards and batteries said in quarter-hours that are over: currents, states of charge."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import MeasurementRow, epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.phase_shares import PHASE_BY_PIN
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.read_measurements import all_measurements
from kwartier.service.watching.site_timeline import Column
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import QUARTER_S

QUARTER_US = int(QUARTER_S) * 1_000_000


@dataclass(frozen=True)
class MeasuredPast:
    """The state of charge that each battery told last in each quarter-hour, percent; of those that told any."""

    percent_by_battery: Mapping[str, Column]


def measured_past(
    caller: Caller, site_id: str, batteries: Sequence[str], starts: Sequence[datetime], *, ports: Ports
) -> MeasuredPast:
    """What batteries told in the quarter-hours that begin then; None where one told nothing."""
    told = {name: _percent(caller, site_id, name, starts, ports) for name in batteries}
    return MeasuredPast({name: column for name, column in told.items() if any(v is not None for v in column)})


def measured_current_a(
    caller: Caller, site_id: str, board: str, starts: Sequence[datetime], *, ports: Ports
) -> Mapping[PhaseName, Column]:
    """The mean of what a board's meter said of each phase's current in each quarter-hour, A.

    None where it said nothing in the quarter-hour; a phase of which it never said anything is left out.
    """
    sums_a: dict[PhaseName, list[float]] = {}
    counts: dict[PhaseName, list[int]] = {}
    for index, row in _rows(caller, site_id, board, starts, ports):
        for pin, told in json.loads(row.pins or "{}").items():
            if told.get("currentValue") is not None:
                phase = PHASE_BY_PIN[pin]
                sums_a.setdefault(phase, [0.0] * len(starts))[index] += told["currentValue"]
                counts.setdefault(phase, [0] * len(starts))[index] += 1
    return {
        phase: [sum_a / count if count else None for sum_a, count in zip(sums, counts[phase], strict=True)]
        for phase, sums in sorted(sums_a.items())
    }


def _percent(caller: Caller, site_id: str, battery: str, starts: Sequence[datetime], ports: Ports) -> Column:
    percent: list[float | None] = [None] * len(starts)
    for index, row in _rows(caller, site_id, battery, starts, ports):
        if row.charge_percent is not None:
            percent[index] = row.charge_percent
    return percent


def _rows(
    caller: Caller, site_id: str, asset_id: str, starts: Sequence[datetime], ports: Ports
) -> Iterator[tuple[int, MeasurementRow]]:
    """The readings of an asset in the order of time, with the number of the quarter-hour each lies in."""
    first_us = epoch_us(starts[0])
    span = Span(first_us, first_us + len(starts) * QUARTER_US)
    chunks = all_measurements(
        caller, site_id, asset_id, span, sites=ports.sites, measurements=ports.measurements
    )
    if isinstance(chunks, UnknownSite):
        return
    for chunk in chunks:
        for stored in chunk:
            yield (stored.row.measured_us - first_us) // QUARTER_US, stored.row
