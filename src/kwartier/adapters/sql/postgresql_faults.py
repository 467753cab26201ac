"""What goes wrong in PostgreSQL's own driver, as the service's faults."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from kwartier.service.faults import StoreFull, StoreUnavailable

_FULL_STATE = "53100"  # disk_full; appendix A of PostgreSQL's manual


@contextmanager
def postgresql_faults() -> Iterator[None]:
    """Raise the service's faults for a database that is away or full where the driver itself says so."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate == _FULL_STATE:
            raise StoreFull("the database has no space left") from error
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            raise StoreUnavailable("the database does not answer") from error
        raise
