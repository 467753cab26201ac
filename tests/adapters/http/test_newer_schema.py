"""A service that runs on while a newer one has brought the schema on: it goes on until it is replaced (R54, R55)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from kwartier.adapters.http.callers import Access
from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables import metadata
from kwartier.service.caller import Scope
from tests.adapters.http.objects import own_objects
from tests.adapters.http.operations import operations
from tests.services.service_case import ServiceCase, service_on

READING = [
    one for one in operations() if one.access is Access.READ and one.method == "GET" and not one.is_endless
]


@pytest.fixture
def service(empty_database_url: str) -> Iterator[ServiceCase]:
    """The service on a database of its own, of each kind."""
    database = Database(empty_database_url)
    schema.upgrade(database)
    with service_on(database) as case:
        yield case
    database.close()


async def test_columns_that_a_newer_schema_has_more_disturb_nothing(service: ServiceCase) -> None:
    # What a step adds may be empty, or has a default: the rule for steps (adapters/sql/migrations).
    with service.database.engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN of_later TEXT"))
            connection.execute(
                text(f"ALTER TABLE {table.name} ADD COLUMN filled TEXT NOT NULL DEFAULT 'later'")
            )
    async with service.caller(scope=Scope.ADMIN) as http:
        own = await own_objects(http, "own")
        statuses = {str(one): (await http.send(one.request(http, own))).status_code for one in READING}
    assert statuses == dict.fromkeys(statuses, 200)
    assert len(statuses) > 15
