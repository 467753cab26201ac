"""The service in the test's own process: real stores on a database of each kind, a clock that the test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from kwartier.adapters.http.api import create_app
from kwartier.adapters.jwt.access_tokens import JwtAccessTokens
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.retention import SqlRetention
from kwartier.adapters.system.event_channel import InProcessChannel
from kwartier.adapters.system.webhook_secrets import DerivedWebhookSecrets
from kwartier.service.caller import Scope
from kwartier.service.create_client import ClientCreated, create_client
from kwartier.service.create_partner import PartnerCreated, create_partner
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports import CrashPoints, Ports, Retention, no_crash
from kwartier.service.ports.access_tokens import TokenClaims
from kwartier.testing.contracts.promises import Stores
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.hindsight_peaks import FakeHindsightPeaks
from kwartier.testing.fakes.ids import FakeIds
from kwartier.testing.fakes.planner import FakePlanner
from kwartier.testing.fakes.secret_hasher import FakeSecretHasher
from tests.services.stores import sql_stores

KEY = "a key for tests, with 32 bytes or more"


@dataclass
class ServiceCase:
    """The app, what it stands on, and ways to call it."""

    app: FastAPI
    ports: Ports
    clock: FakeClock
    database: Database
    partner_ids: dict[str, str] = field(default_factory=dict)

    def client(self, partner: str = "Alpha", scope: Scope = Scope.WRITE) -> ClientCreated:
        """A new client of a partner, which is made where it does not exist yet."""
        if partner not in self.partner_ids:
            created = create_partner(
                partner, partners=self.ports.partners, ids=self.ports.ids, clock=self.clock
            )
            assert isinstance(created, PartnerCreated)
            self.partner_ids[partner] = created.partner.partner_id
        client = create_client(
            partner,
            scope,
            partners=self.ports.partners,
            clients=self.ports.clients,
            ids=self.ports.ids,
            hasher=self.ports.hasher,
            clock=self.clock,
        )
        assert isinstance(client, ClientCreated)
        return client

    def token(self, client: ClientCreated, scope: Scope = Scope.WRITE, life_s: float = 3600) -> str:
        """A token as a login gives it."""
        now = self.clock.now()
        return self.ports.tokens.signed(
            TokenClaims(client.client_id, scope, now, now + timedelta(seconds=life_s))
        )

    def http(self, token: str | None = None) -> httpx.AsyncClient:
        """Calls to the app, with a token where one is given; a mistake in the app is answered 500."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 50_000))
        return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)

    def caller(self, partner: str = "Alpha", scope: Scope = Scope.WRITE) -> httpx.AsyncClient:
        """Calls of a new client of a partner."""
        return self.http(self.token(self.client(partner, scope), scope))


@contextmanager
def ports_on(database: Database, clock: FakeClock, crash_points: CrashPoints = no_crash) -> Iterator[Ports]:
    """Real stores and tokens; a clock, ids and a hash that cost no time."""
    with sql_stores(database, crash_points) as stores:
        yield ports_over(stores, clock, retention=SqlRetention(database), crash_points=crash_points)


def ports_over(
    stores: Stores, clock: FakeClock, *, retention: Retention, crash_points: CrashPoints = no_crash
) -> Ports:
    """Every port: the stores, and for the rest what costs no time and can be foretold."""
    return Ports(
        clock=clock,
        ids=FakeIds(),
        hasher=FakeSecretHasher(),
        tokens=JwtAccessTokens(KEY),
        planner=FakePlanner(),
        hindsight_peaks=FakeHindsightPeaks(),
        retention=retention,
        channel=InProcessChannel(),
        webhook_secrets=DerivedWebhookSecrets(KEY),
        flags=FeatureFlags(),
        crash_points=crash_points,
        **vars(stores),
    )


@contextmanager
def service_on(database: Database, crash_points: CrashPoints = no_crash) -> Iterator[ServiceCase]:
    """The service on a database."""
    clock = FakeClock()
    with ports_on(database, clock, crash_points) as ports:
        app = create_app(ports, version="0", is_ready=database.is_reachable)
        yield ServiceCase(app, ports, clock, database)


@pytest.fixture
def service(database: Database) -> Iterator[ServiceCase]:
    """The service on a fresh database of each kind."""
    with service_on(database) as case:
        yield case


@pytest.fixture
def sqlite_service(sqlite_url: str) -> Iterator[ServiceCase]:
    """The service on a fresh SQLite database, for tests that have nothing to do with the database."""
    database = Database(sqlite_url)
    with service_on(database) as case:
        yield case
    database.close()
