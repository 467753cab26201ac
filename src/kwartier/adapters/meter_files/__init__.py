"""Meter files: one reader per format, found by the header; every fault is a finding with its line."""

from datetime import tzinfo
from types import ModuleType

from kwartier.adapters.meter_files import fluvius, generic, ores, p1_totals
from kwartier.adapters.meter_files.meter_file import MeterFile, Report, report_gaps, report_resolution
from kwartier.adapters.meter_files.table import LIMIT_BYTES, UnreadableMeterFile, read_table
from kwartier.site.finding import errors

__all__ = ["LIMIT_BYTES", "READERS", "MeterFile", "UnreadableMeterFile", "read_meter_file"]

READERS: tuple[ModuleType, ...] = (generic, fluvius, p1_totals, ores)
"""Each has a FORMAT_NAME, `matches(header)` and `read(table, report, timezone)`; the first that matches reads."""


def read_meter_file(data: bytes, timezone: tzinfo) -> MeterFile:
    r"""The quarter-hours in a file and all findings about it; local times are those of `timezone`.

    With an ERROR among the findings there is no series: what a file means is not guessed. Raises UnreadableMeterFile
    for what is no table of a known format.

    >>> from zoneinfo import ZoneInfo
    >>> text = b"start,offtake_kwh,injection_kwh\n2026-03-01T00:00:00+01:00,1.25,0\n"
    >>> read_meter_file(text, ZoneInfo("Europe/Brussels")).series.offtake_milliwh.tolist()
    [1250000]
    """
    table = read_table(data)
    reader = next((one for one in READERS if one.matches(table.header)), None)
    if reader is None:
        known = "; ".join(one.FORMAT_NAME for one in READERS)
        seen = ", ".join(table.header)[:200]
        raise UnreadableMeterFile(
            f"the header {seen!r} is of no known format ({known}): name the columns as one of them"
        )
    report = Report()
    quarters = reader.read(table, report, timezone)
    quarters.report_disorder(report)
    series = quarters.series()
    if not series.quarter_count and not report.findings:
        report.error_of_file("empty", "the file has a header and no quarter-hour: export a period with data")
    report_resolution(series, report)
    report_gaps(series, report, timezone)
    findings = report.complete()
    return MeterFile(reader.FORMAT_NAME, None if errors(findings) else series, findings)
