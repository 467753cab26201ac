"""Measurements and energies as CSV and Parquet, written while they are read: the whole is never in memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from kwartier.service.measurement_row import StoredRow
from kwartier.service.read_energies import AssetEnergies
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s

RAW_COLUMNS = (
    "asset_id", "timestamp", "energy_total_wh", "power_w", "state_of_charge_percent", "pins", "received_at", "revision",
)  # fmt: skip
ENERGY_COLUMNS = ("asset_id", "start", "end", "energy_wh", "covered_ratio", "from_power_ratio")

# What makes a spreadsheet run a text as a formula (OWASP, «CSV Injection»); tabs and returns are no part of a name.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_NUMBERS = {int, float, type(None)}

Table = Sequence[Sequence[Any]]
"""One chunk: its columns, in order, each with a value per row."""


def raw_table(rows: Sequence[StoredRow]) -> Table:
    """The columns of RAW_COLUMNS."""
    told = [one.row for one in rows]
    return (
        [row.asset_id for row in told],
        [_moment(row.measured_us) for row in told],
        [row.energy_total_wh for row in told],
        [row.power_w for row in told],
        [row.charge_percent for row in told],
        [row.pins for row in told],
        [_moment(row.received_us) for row in told],
        [one.revision_number for one in rows],
    )


def energy_table(asset: AssetEnergies) -> Table:
    """The columns of ENERGY_COLUMNS; an energy that nobody knows is empty."""
    periods = asset.periods
    energies_wh = periods.energy_wh.tolist()
    return (
        [asset.asset_id] * len(energies_wh),
        [from_epoch_s(start_s) for start_s in periods.start_s.tolist()],
        [from_epoch_s(end_s) for end_s in (periods.start_s + periods.length_s).tolist()],
        [None if energy_wh != energy_wh else energy_wh for energy_wh in energies_wh],  # noqa: PLR0124 - NaN
        periods.covered_ratio.tolist(),
        periods.from_power_ratio.tolist(),
    )


def _moment(moment_us: int) -> datetime:
    return from_epoch_s(moment_us / 1e6)


def csv_chunks(columns: Sequence[str], tables: Iterable[Table]) -> Iterator[bytes]:
    """CSV (RFC 4180) with a header; a text that a spreadsheet would run gets an apostrophe in front."""
    yield _csv_lines([columns])
    for table in tables:
        yield _csv_lines(zip(*map(_cells, table), strict=True))


def _csv_lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cells(column: Sequence[Any]) -> Iterable[Any]:
    """What a column's values are written as; numbers are left to the writer, which leaves None empty."""
    kinds = set(map(type, column))
    if kinds <= _NUMBERS:
        return column
    return map(format_instant if kinds == {datetime} else _cell, column)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value


class _Pipe(io.RawIOBase):
    """A file that only grows; what was written is taken out of it piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def parquet_chunks(columns: Sequence[str], tables: Iterable[Table]) -> Iterator[bytes]:
    """Parquet, one row group per chunk; moments are in UTC with microseconds."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"timestamp": pa.timestamp("us", "UTC"), "start": pa.timestamp("us", "UTC"),
             "end": pa.timestamp("us", "UTC"), "received_at": pa.timestamp("us", "UTC"),
             "asset_id": pa.string(), "pins": pa.string(), "revision": pa.int32()}  # fmt: skip
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in columns])
    pipe = _Pipe()
    with parquet.ParquetWriter(pipe, schema) as writer:
        for table in tables:
            arrays = [pa.array(column, type=schema.field(index).type) for index, column in enumerate(table)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield pipe.taken()
    yield pipe.taken()
