"""What the statements about measurements have in common on both databases."""

from collections.abc import Iterable, Sequence
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


def latest_by_asset(rows: Iterable[MeasurementRow]) -> list[tuple[str, str, str, int, int | None]]:
    """Partner, site, asset, its latest moment, and its latest one with a state of charge; sorted."""
    latest: dict[tuple[str, str, str], tuple[int, int | None]] = {}
    for row in rows:
        asset = row[:3]
        charged_us = None if row.state_of_charge_percent is None else row.measured_us
        found = latest.get(asset)
        if found is not None:
            charges = [moment for moment in (found[1], charged_us) if moment is not None]
            latest[asset] = max(found[0], row.measured_us), max(charges, default=None)
        else:
            latest[asset] = row.measured_us, charged_us
    return [(*asset, *latest[asset]) for asset in sorted(latest)]
