"""Totals of a digital meter's P1 port: a moment and the registers 1.8.1, 1.8.2 (offtake), 2.8.1, 2.8.2 (injection).

Headings hold the OBIS codes, as in `timestamp,1-0:1.8.1,1-0:1.8.2,1-0:2.8.1,1-0:2.8.2`, totals are kWh; a column
`meter` names the meter. The codes are those of the DSMR P1 companion standard 5.0.2, section 6.12; how a logger
arranges them is its own affair. Energies are differences of the totals at quarter-hours' boundaries; a new meter or a
register that falls leaves a gap, and is reported.
"""

import re
from datetime import tzinfo

from kwartier.adapters.meter_files.cells import energy_milliwh, moment_of
from kwartier.adapters.meter_files.meter_file import Place, Report
from kwartier.adapters.meter_files.quarters import Quarters
from kwartier.adapters.meter_files.table import Table
from kwartier.tariffs.meter.meter_series import kwh
from kwartier.tariffs.meter.meter_totals import TotalReading, TotalsBreak, quarters_of_totals
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s

FORMAT_NAME = "P1 totals"

_MOMENTS = ("timestamp", "time", "start")
_METERS = ("meter", "meter_id", "equipment_id")
_OFFTAKE = re.compile(r"(?<![\d.])1\.8\.[012](?!\d)")
_INJECTION = re.compile(r"(?<![\d.])2\.8\.[012](?!\d)")


def matches(header: list[str]) -> bool:
    """Whether a header, in small letters, is of this format."""
    return any(name in header for name in _MOMENTS) and bool(_registers(header, _OFFTAKE))


def read(table: Table, report: Report, _timezone: tzinfo) -> Quarters:
    """The quarter-hours between the totals; every fault goes into the report."""
    moment, meter = table.column_index(*_MOMENTS), table.column_index(*_METERS)
    registers = _registers(table.header, _OFFTAKE), _registers(table.header, _INJECTION)
    readings = []
    for line_number, cells in table.rows():
        place = Place(line_number)
        if len(cells) < len(table.header):
            message = f"{len(cells)} values where the header has {len(table.header)}: complete the line"
            report.error("row", place, message, len(cells), len(table.header))
            continue
        at = moment_of(cells[moment or 0], place, report)
        totals = [_total(cells, columns, table.header, place, report) for columns in registers]
        if at is not None and totals[0] is not None and totals[1] is not None:
            name = "" if meter is None else cells[meter].strip()
            readings.append(TotalReading(at.timestamp(), totals[0], totals[1], name))
    found = quarters_of_totals(readings)
    for one in found.breaks:
        _report_break(one, report)
    quarters = Quarters()
    quarters.offtake.value_milliwh = found.offtake_milliwh
    if registers[1]:
        quarters.injection.value_milliwh = found.injection_milliwh
    return quarters


def _registers(header: list[str], code: re.Pattern[str]) -> list[int]:
    """Columns of a direction: its two rates, or its sum where only that is given."""
    found = {
        name_code.group()[-1]: place for place, name in enumerate(header) if (name_code := code.search(name))
    }
    rates = [found[rate] for rate in ("1", "2") if rate in found]
    return rates or list(found.values())


def _total(
    cells: list[str], columns: list[int], header: list[str], place: Place, report: Report
) -> int | None:
    total = 0
    for column in columns:
        value = energy_milliwh(cells[column], place, header[column], report)
        if value is None:
            return None
        total += value
    return total


def _report_break(one: TotalsBreak, report: Report) -> None:
    before, after = (format_instant(from_epoch_s(reading.at_s)) for reading in (one.before, one.after))
    rule = "gap_in_totals" if one.reason.startswith("no reading") else "reset"
    message = f"from {before} to {after} there is no energy per quarter-hour: {one.reason}"
    if rule == "gap_in_totals":
        lost = kwh(one.after.offtake_total_milliwh - one.before.offtake_total_milliwh)
        message += f"; {lost} kWh of offtake lie in between and are not counted"
    report.warn_of_file(rule, message, before)
