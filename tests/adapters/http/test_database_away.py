"""While its database is away the service says so at once, and goes on by itself (reliability.md, R10)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import create_engine, make_url, text

from kwartier.adapters.sql.database import Database
from tests.services.hub import MEASUREMENTS, measurement, new_hub, read_all, send
from tests.services.service_case import service_on

ANSWERED_WITHIN_S = 2.0
# Those of the service's own user; the tests hold others.
END_OWN = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND usename = current_user"
)


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database takes no connection, and those that there are break."""
    name = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        try:
            connection.execute(text(END_OWN), {"name": name})
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    engine.dispose()


def is_told_at_once(answer: httpx.Response, started_s: float) -> bool:
    says_so = (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    return (
        says_so
        and int(answer.headers["Retry-After"]) > 0
        and time.monotonic() - started_s < ANSWERED_WITHIN_S
    )


async def test_everything_is_told_503_at_once_and_goes_on_by_itself(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with service_on(database) as case:
        async with case.caller() as http:
            await new_hub(http)
            await send(http, measurement(0))
            with away(postgresql_url):
                for _ in range(2):  # once with connections that break, once without any
                    started_s = time.monotonic()
                    assert is_told_at_once(
                        await http.post("/v1/measurements", json=measurement(1)), started_s
                    )
                    started_s = time.monotonic()
                    assert is_told_at_once(await http.get(MEASUREMENTS), started_s)
            assert (await http.post("/v1/measurements", json=measurement(1))).json() == {"status": "stored"}
            assert len(await read_all(http)) == 2
    database.close()
