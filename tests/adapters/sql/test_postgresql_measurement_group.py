"""Groups of measurements into PostgreSQL, where another instance may write the same at the same time."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.postgresql_measurement_group import PostgresqlMeasurementGroup
from kwartier.service.ports.crash_points import no_crash
from kwartier.testing.contracts.measurement_store import a_row, a_site
from tests.services.stores import sql_stores

PORTION_COUNT = 25


@pytest.fixture
def groups(postgresql_url: str) -> Iterator[list[PostgresqlMeasurementGroup]]:
    """Those of two instances, for a site that is there."""
    database = Database(postgresql_url)
    with sql_stores(database) as stores:
        a_site(stores)
    opened = [PostgresqlMeasurementGroup(database, no_crash) for _ in range(2)]
    yield opened
    for group in opened:
        group.close()
    database.close()


def test_two_instances_that_write_the_same_store_each_row_once(
    groups: list[PostgresqlMeasurementGroup],
) -> None:
    rows = [a_row(minute) for minute in range(20 * PORTION_COUNT)]

    def written(group: PostgresqlMeasurementGroup) -> Counter[str]:
        portions = [rows[first : first + PORTION_COUNT] for first in range(0, len(rows), PORTION_COUNT)]
        return Counter(outcome for portion in portions for outcome in group.commit([portion])[0])

    with ThreadPoolExecutor(len(groups)) as pool:
        both = sum(pool.map(written, groups), Counter[str]())
    assert both == {"stored": len(rows), "unchanged": len(rows)}


def test_after_a_repeat_rows_are_looked_at_until_a_group_is_new(
    groups: list[PostgresqlMeasurementGroup],
) -> None:
    group = groups[0]
    told = []
    for minutes in ([0, 1], [1, 2], [2], [3], [4]):
        (outcomes,) = group.commit([[a_row(minute) for minute in minutes]])
        told.append((outcomes, group._expects_new))
    assert told == [
        (["stored", "stored"], True),
        (["unchanged", "stored"], False),
        (["unchanged"], False),
        (["stored"], True),
        (["stored"], True),
    ]
