"""The stores in the database keep the same promises as those in memory, on both databases."""

import pytest

from kwartier.adapters.sql.client_store import SqlClientStore
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.partner_store import SqlPartnerStore
from kwartier.adapters.sql.site_store import SqlSiteStore
from kwartier.testing.contracts.client_store import CLIENT_STORE
from kwartier.testing.contracts.partner_store import PARTNER_STORE
from kwartier.testing.contracts.promises import Promise, Stores
from kwartier.testing.contracts.site_store import SITE_STORE
from kwartier.testing.fakes.client_store import FakeClientStore
from kwartier.testing.fakes.partner_store import FakePartnerStore
from kwartier.testing.fakes.site_store import FakeSiteStore

EVERY_PROMISE = [*PARTNER_STORE, *CLIENT_STORE, *SITE_STORE]


@pytest.mark.parametrize("promise", EVERY_PROMISE, ids=lambda promise: promise.__name__)
def test_the_stores_in_the_database_keep_their_promises(promise: Promise, database: Database) -> None:
    promise(Stores(SqlPartnerStore(database), SqlClientStore(database), SqlSiteStore(database)))


@pytest.mark.parametrize("promise", EVERY_PROMISE, ids=lambda promise: promise.__name__)
def test_the_stores_in_memory_keep_the_same_promises(promise: Promise) -> None:
    promise(Stores(FakePartnerStore(), FakeClientStore(), FakeSiteStore()))
