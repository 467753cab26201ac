"""The normative format: `start,offtake_kwh,injection_kwh`, starts in RFC 3339 with an offset, one quarter-hour a line.

An optional column `excess_reactive_kvarh` holds the reactive energy beyond the free share. An empty cell means that the
value is not known.
"""

from datetime import tzinfo

from kwartier.adapters.meter_files.cells import energy_milliwh, read_quarter_index
from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.adapters.meter_files.quarters import Column, Quarters
from kwartier.adapters.meter_files.table import Table

FORMAT_NAME = "start,offtake_kwh,injection_kwh"
START, OFFTAKE, INJECTION, REACTIVE = "start", "offtake_kwh", "injection_kwh", "excess_reactive_kvarh"
_MILLI_PER_UNIT = 1000  # a kvarh is read as a kWh: a million, of which a varh is a thousand


def matches(header: list[str]) -> bool:
    """Whether a header, in small letters, is of this format; the injection column may be missing."""
    return START in header and OFFTAKE in header


def read(table: Table, report: Report, _timezone: tzinfo) -> Quarters:
    """The quarter-hours of the file; every fault goes into the report."""
    quarters = Quarters(has_reactive=REACTIVE in table.header)
    columns: list[tuple[str, int, Column]] = [
        (name, table.header.index(name), column)
        for name, column in (
            (OFFTAKE, quarters.offtake),
            (INJECTION, quarters.injection),
            (REACTIVE, quarters.excess_reactive),
        )
        if name in table.header
    ]
    unread = [name for name in table.header if name not in (START, OFFTAKE, INJECTION, REACTIVE)]
    if unread:
        report.warn_of_file("column", f"columns that are not read: {', '.join(unread)}")
    start_place = table.header.index(START)
    for line_number, cells in table.rows():
        place = Place(line_number)
        if len(cells) < len(table.header):
            _report_short_row(place, len(cells), len(table.header), report)
            continue
        index = read_quarter_index(cells[start_place], place, report)
        if index is None:
            continue
        quarters.see(index, place)
        for name, cell, column in columns:
            value = energy_milliwh(cells[cell], place, name, report)
            if value is not None:
                scaled = (value + _MILLI_PER_UNIT // 2) // _MILLI_PER_UNIT if name == REACTIVE else value
                column.put(index, scaled, place, name, report)
    return quarters


def _report_short_row(place: Place, observed: int, allowed: int, report: Report) -> None:
    report.error(
        "row",
        place,
        f"{observed} values where the header has {allowed}: complete the line, or send the file whole",
        observed,
        allowed,
    )
