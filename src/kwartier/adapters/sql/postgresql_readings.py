"""Readings out of PostgreSQL in the form in which it holds them, without an object for each value."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg

from kwartier.adapters.sql.postgresql_faults import postgresql_faults

# PostgreSQL's manual, COPY, «Binary Format»: a row is the number of its values, then the length and the bytes of each;
# before the rows come a signature, flags and an extension's length, after them -1.
_ROW = np.dtype(
    [
        ("value_count", ">i2"),
        ("measured_us_bytes", ">i4"),
        ("measured_us", ">i8"),
        ("energy_total_wh_bytes", ">i4"),
        ("energy_total_wh", ">f8"),
        ("power_w_bytes", ">i4"),
        ("power_w", ">f8"),
    ]
)
_HEAD_BYTES, _END_BYTES = 19, 2


def copied_readings(connection: psycopg.Connection[Any], query: str, values: Sequence[object]) -> Any:
    """What a query for `measured_us`, `energy_total_wh` and `power_w`, none NULL, finds: an array with these fields."""
    with (
        postgresql_faults(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", values) as copy,
    ):
        told = b"".join(copy)
    return np.frombuffer(told[_HEAD_BYTES:-_END_BYTES], dtype=_ROW)
