"""An app without a database, for tests of its description."""

from functools import cache

from fastapi import FastAPI

from kwartier.adapters.http.api import create_app
from kwartier.adapters.sql.database import Database
from kwartier.service.ports import Ports
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.retention import FakeRetention
from tests.services.service_case import ServiceCase, ports_over
from tests.services.stores import fake_stores


def ports_in_memory() -> Ports:
    """Every port as its fake."""
    return ports_over(fake_stores(), FakeClock(), retention=FakeRetention())


@cache
def described_app() -> FastAPI:
    """The app, to be read and not to be called."""
    return create_app(ports_in_memory(), version="0", is_ready=lambda: True)


def memory_service() -> ServiceCase:
    """The whole app over fakes, to be called."""
    ports = ports_in_memory()
    assert isinstance(ports.clock, FakeClock)
    app = create_app(ports, version="0", is_ready=lambda: True)
    return ServiceCase(app, ports, ports.clock, Database("sqlite:///never-opened.db"))
