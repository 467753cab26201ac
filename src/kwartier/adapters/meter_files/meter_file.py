"""What was read from a meter file: the series, the format, and everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

import numpy as np

from kwartier.site.finding import Finding, Severity
from kwartier.tariffs.meter import MeterSeries
from kwartier.units.quarter_hour import QUARTER_S

LEAST_FOR_RESOLUTION = 8  # fewer lines, all apart, may as well be gaps
MOST_OF_ONE_RULE = (
    100  # a file in the wrong unit has a fault per line; a reader needs the first few and the count
)


@dataclass(frozen=True)
class Place:
    """A line of the file, counted from 1, and what it is read for: "line 12"."""

    line_number: int

    def __str__(self) -> str:
        return f"line {self.line_number}"


@dataclass
class Report:
    """Collects findings; of one rule the first hundred, and then how many more there are."""

    findings: list[Finding] = field(default_factory=list)
    _count_by_rule: dict[str, int] = field(default_factory=dict)

    def error(self, rule: str, place: Place, message: str, observed: Any = None, allowed: Any = None) -> None:
        """A fault that makes the file unusable as it is."""
        self._add(Finding(f"meter.{rule}", "ERROR", str(place), f"{place}: {message}", observed, allowed))

    def warn(self, rule: str, place: Place, message: str, observed: Any = None) -> None:
        """Something to know before one trusts the figures."""
        self._add(Finding(f"meter.{rule}", "WARNING", str(place), f"{place}: {message}", observed))

    def warn_of_file(self, rule: str, message: str, observed: Any = None) -> None:
        """Something to know about the file as a whole."""
        self._add(Finding(f"meter.{rule}", "WARNING", "file", message, observed))

    def error_of_file(self, rule: str, message: str, observed: Any = None, allowed: Any = None) -> None:
        """A fault of the file as a whole."""
        self._add(Finding(f"meter.{rule}", "ERROR", "file", message, observed, allowed))

    def _add(self, finding: Finding) -> None:
        count = self._count_by_rule[finding.rule] = self._count_by_rule.get(finding.rule, 0) + 1
        if count <= MOST_OF_ONE_RULE:
            self.findings.append(finding)

    def complete(self) -> list[Finding]:
        """All findings, with a line for each rule of which there are more than were kept."""
        more = [
            Finding(
                rule, _severity_of(self.findings, rule), "file", f"... and {count - MOST_OF_ONE_RULE:,} more"
            )
            for rule, count in self._count_by_rule.items()
            if count > MOST_OF_ONE_RULE
        ]
        return self.findings + more


def _severity_of(findings: list[Finding], rule: str) -> Severity:
    return next(finding.severity for finding in findings if finding.rule == rule)


@dataclass(frozen=True)
class MeterFile:
    """A file that was understood; `series` is None where an error of the findings keeps it from being used."""

    format_name: str
    series: MeterSeries | None
    findings: list[Finding]


def report_resolution(series: MeterSeries, report: Report) -> None:
    """An error where no two quarter-hours stand beside one another: an energy per hour taken as one would be a peak."""
    known = series.is_offtake_known
    if known.sum() >= LEAST_FOR_RESOLUTION and not (known[1:] & known[:-1]).any():
        report.error_of_file(
            "resolution",
            "no two lines are a quarter-hour apart: these are totals of longer times; export quarters",
        )


def report_gaps(series: MeterSeries, report: Report, timezone: tzinfo) -> None:
    """A warning for each run of quarter-hours without offtake, and one where no injection is known at all."""
    for first_index, end_index in _unknown_runs(series):
        first, end = (_local(index, timezone) for index in (first_index, end_index))
        count = end_index - first_index
        what = f"{count:,} quarter-hours" if count > 1 else "1 quarter-hour"
        report.warn_of_file(
            "gap",
            f"no offtake from {first} to {end}: {what} without a value; they are not counted as zero",
            first,
        )
    if series.quarter_count and not series.is_injection_known.any():
        report.warn_of_file("no_injection", "the file holds no injection: it is billed as none")


def _unknown_runs(series: MeterSeries) -> Iterator[tuple[int, int]]:
    unknown = np.flatnonzero(~series.is_offtake_known) + series.first_quarter_index
    for _, run in groupby(enumerate(unknown.tolist()), key=lambda pair: pair[1] - pair[0]):
        indices = [index for _, index in run]
        yield indices[0], indices[-1] + 1


def _local(quarter_index: int, timezone: tzinfo) -> str:
    return datetime.fromtimestamp(quarter_index * QUARTER_S, timezone).isoformat()
