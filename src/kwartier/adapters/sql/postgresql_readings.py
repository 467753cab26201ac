"""Readings out of PostgreSQL in the form in which it holds them, without an object for each value.

The database puts each column into one array: a month of a reading a minute comes as three values and not as 44,640
rows, each of which the driver would hand over by itself (measured: 41 ms in place of 226, 2 of ours in place of 120).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from kwartier.adapters.sql.postgresql_arrays import HEAD, REAL, WHOLE
from kwartier.adapters.sql.postgresql_faults import postgresql_faults

COLUMNS = ("measured_us", "energy_total_wh", "power_w")
AGGREGATED = (
    "SELECT array_agg(measured_us), array_agg(energy_total_wh), array_agg(power_w) FROM ({0}) AS readings"
)


def aggregated_readings(connection: psycopg.Connection[Any], query: str, values: Sequence[object]) -> Any:
    """What a query for `measured_us`, `energy_total_wh` and `power_w`, none NULL, finds: each as an array, in order."""
    with postgresql_faults(), connection.cursor() as cursor:
        cursor.execute(AGGREGATED.format(query), values, binary=True)
        result = cursor.pgresult
        texts = [None if result is None else result.get_value(0, index) for index in range(len(COLUMNS))]
    return {
        name: _values(text, kind)
        for name, text, kind in zip(COLUMNS, texts, (WHOLE, REAL, REAL), strict=True)
    }


def _values(text: bytes | None, kind: np.dtype[Any]) -> NDArray[Any]:
    """The values of an array, in this machine's order of bytes; NULL is the array of no rows."""
    if text is None:
        return np.zeros(0, kind["value"].newbyteorder("="))
    found = np.frombuffer(text, kind, offset=HEAD.size)["value"]
    return found.astype(kind["value"].newbyteorder("="))
