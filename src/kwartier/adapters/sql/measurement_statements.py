"""What the statements about measurements have in common on both databases."""

from collections.abc import Sequence
from typing import Any

from kwartier.service.measurement_row import MeasurementRow, RowOutcome, StoredRow

ROW_COLUMNS = (*MeasurementRow._fields, "revision_number")
KEY_COLUMNS = MeasurementRow._fields[:4]


def stored_row(columns: Sequence[Any]) -> StoredRow:
    """A row from the values of ROW_COLUMNS."""
    return StoredRow(MeasurementRow(*columns[:9]), columns[9])


def columns_of(stored: StoredRow) -> tuple[Any, ...]:
    """The values of ROW_COLUMNS."""
    return (*stored.row, stored.revision_number)


def by_request(
    requests: Sequence[Sequence[MeasurementRow]], outcomes: Sequence[RowOutcome]
) -> list[list[RowOutcome]]:
    """The outcomes of all rows, cut into those of each request."""
    rest = iter(outcomes)
    return [[next(rest) for _ in rows] for rows in requests]
