"""Intervals of plan and reality from a CSV file."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from kwartier.adapters.cli.faults import UnreadableFile
from kwartier.adapters.cli.json_files import name_of, read_bytes
from kwartier.simulation.calibration import Interval
from kwartier.units.instant import parse_instant

NUMBERS = {
    "planned_w": "planned_w",
    "actual_w": "actual_w",
    "state_of_charge": "charge_percent",
    "offered_a": "offered_a",
    "taken_a": "taken_a",
}
QUARTER_MINUTES = 15
# A year of thirty assets; the whole file is read at once.
MOST_BYTES = 100 * 1024 * 1024


def read_intervals(file: Path) -> list[Interval]:
    """The file's rows; raises UnreadableFile with the line and what is wrong in it."""
    data = read_bytes(file, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{name_of(file)}: larger than 100 MiB; give fewer assets or days at a time")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise UnreadableFile(
            f"{name_of(file)}: byte {fault.start} is not UTF-8; save the file as UTF-8"
        ) from None
    reader = csv.DictReader(lines, strict=True)
    try:
        return list(_intervals(file, reader))
    except csv.Error as fault:
        raise UnreadableFile(f"{name_of(file)}: line {reader.line_num}: {fault}") from None


def _intervals(file: Path, reader: "csv.DictReader[str]") -> Iterator[Interval]:
    if missing := {"start", "asset_id"} - set(reader.fieldnames or ()):
        raise UnreadableFile(
            f"{name_of(file)}: its head lacks {', '.join(sorted(missing))}; it has start, asset_id and some of "
            f"{', '.join(NUMBERS)}, car"
        )
    for row in reader:
        try:
            yield _interval(row)
        except ValueError as fault:
            raise UnreadableFile(f"{name_of(file)}: line {reader.line_num}: {fault}") from None


def _interval(row: dict[str, str]) -> Interval:
    start = parse_instant(row["start"])
    if start.minute % QUARTER_MINUTES or start.second or start.microsecond:
        raise ValueError(f"start {row['start']} is not on a quarter-hour; give means of whole ones")
    return Interval(
        start=start,
        asset_id=row["asset_id"],
        car=row.get("car") or None,
        **{field: _number(column, row.get(column)) for column, field in NUMBERS.items()},
    )


def _number(column: str, text: str | None) -> float | None:
    """The number, None for an empty cell."""
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{column} {text!r} is no number; leave the cell empty where it is not known")
    return value
