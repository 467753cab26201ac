"""An app without a database, for tests of its description."""

from functools import cache

from fastapi import FastAPI

from kwartier.adapters.http.api import create_app
from kwartier.adapters.jwt.access_tokens import JwtAccessTokens
from kwartier.adapters.sql.database import Database
from kwartier.adapters.system.event_channel import InProcessChannel
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports import Ports
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.ids import FakeIds
from kwartier.testing.fakes.planner import FakePlanner
from kwartier.testing.fakes.retention import FakeRetention
from kwartier.testing.fakes.secret_hasher import FakeSecretHasher
from tests.services.service_case import KEY, ServiceCase
from tests.services.stores import fake_stores


def ports_in_memory() -> Ports:
    """Every port as its fake."""
    stores = fake_stores()
    return Ports(
        clock=FakeClock(),
        ids=FakeIds(),
        hasher=FakeSecretHasher(),
        tokens=JwtAccessTokens(KEY),
        partners=stores.partners,
        clients=stores.clients,
        broker_credentials=stores.broker_credentials,
        sites=stores.sites,
        measurement_writer=stores.measurement_writer,
        measurements=stores.measurements,
        transactions=stores.transactions,
        prices=stores.prices,
        plans=stores.plans,
        outbox=stores.outbox,
        turns=stores.turns,
        operator_limits=stores.operator_limits,
        standings=stores.standings,
        idempotency=stores.idempotency,
        retention=FakeRetention(),
        planner=FakePlanner(),
        validations=stores.validations,
        events=stores.events,
        channel=InProcessChannel(),
        flags=FeatureFlags(),
    )


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
