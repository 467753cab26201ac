"""An app without a database, for tests of its description."""

from functools import cache

from fastapi import FastAPI

from kwartier.adapters.http.api import create_app
from kwartier.adapters.jwt.access_tokens import JwtAccessTokens
from kwartier.adapters.sql.database import Database
from kwartier.adapters.system.event_channel import InProcessChannel
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports import Ports
from kwartier.testing.fakes.client_store import FakeClientStore
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.event_log import FakeEventLog
from kwartier.testing.fakes.ids import FakeIds
from kwartier.testing.fakes.measurement_store import FakeMeasurementStore
from kwartier.testing.fakes.partner_store import FakePartnerStore
from kwartier.testing.fakes.plan_store import FakePlanStore
from kwartier.testing.fakes.planner import FakePlanner
from kwartier.testing.fakes.price_store import FakePriceStore
from kwartier.testing.fakes.secret_hasher import FakeSecretHasher
from kwartier.testing.fakes.site_store import FakeSiteStore
from kwartier.testing.fakes.transaction_store import FakeTransactionStore
from kwartier.testing.fakes.validation_store import FakeValidationStore
from tests.services.service_case import KEY, ServiceCase


def ports_in_memory() -> Ports:
    """Every port as its fake."""
    sites = FakeSiteStore()
    measurements = FakeMeasurementStore(sites)
    return Ports(
        clock=FakeClock(),
        ids=FakeIds(),
        hasher=FakeSecretHasher(),
        tokens=JwtAccessTokens(KEY),
        partners=FakePartnerStore(),
        clients=FakeClientStore(),
        sites=sites,
        measurement_writer=measurements,
        measurements=measurements,
        transactions=FakeTransactionStore(sites),
        prices=FakePriceStore(),
        plans=FakePlanStore(),
        planner=FakePlanner(),
        validations=FakeValidationStore(),
        events=FakeEventLog(),
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
