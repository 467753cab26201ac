"""What a store does with rows some of which it may have: the one place that decides it, whatever the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kwartier.service.measurement_row import MeasurementRow, RowKey, RowOutcome, StoredRow


@dataclass(frozen=True)
class Merge:
    """The outcome of each row, what to insert, what to write over, and the earlier values to keep in the log."""

    outcomes: list[RowOutcome]
    new: list[StoredRow]
    changed: list[StoredRow]
    earlier: list[tuple[StoredRow, int]]


def merge(
    rows: Sequence[MeasurementRow],
    known: Mapping[RowKey, StoredRow],
    known_sites: Collection[tuple[str, str]],
) -> Merge:
    """Take the rows in their order; `known` holds what the store has of their keys, `known_sites` (partner, site).

    The same values change nothing, also not when they were received. Other values replace; the earlier ones go to the
    log, each with the moment (microseconds) at which it was replaced.
    """
    current = dict(known)
    outcomes: list[RowOutcome] = []
    earlier: list[tuple[StoredRow, int]] = []
    for row in rows:
        found = current.get(row.key)
        if (row.partner_id, row.site_id) not in known_sites:
            outcomes.append("unknown_site")
        elif found is None:
            current[row.key] = StoredRow(row, 0)
            outcomes.append("stored")
        elif found.row.values == row.values:
            outcomes.append("unchanged")
        else:
            earlier.append((found, row.received_us))
            current[row.key] = StoredRow(row, found.revision_number + 1)
            outcomes.append("corrected")
    new = [stored for key, stored in current.items() if key not in known]
    changed = [stored for key, stored in current.items() if key in known and stored is not known[key]]
    return Merge(outcomes, new, changed, earlier)
