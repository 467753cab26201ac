"""The stores in the database keep the same promises as those in memory, on both databases."""

import pytest

from kwartier.adapters.sql.database import Database
from kwartier.testing.contracts.broker_credential_store import BROKER_CREDENTIAL_STORE
from kwartier.testing.contracts.client_store import CLIENT_STORE
from kwartier.testing.contracts.control_leases import CONTROL_LEASES
from kwartier.testing.contracts.dry_run_store import DRY_RUN_STORE
from kwartier.testing.contracts.event_log import EVENT_LOG
from kwartier.testing.contracts.idempotency_store import IDEMPOTENCY_STORE
from kwartier.testing.contracts.measurement_store import MEASUREMENT_STORE
from kwartier.testing.contracts.month_floor_store import MONTH_FLOOR_STORE
from kwartier.testing.contracts.operator_limit_store import OPERATOR_LIMIT_STORE
from kwartier.testing.contracts.outbox import OUTBOX
from kwartier.testing.contracts.partner_store import PARTNER_STORE
from kwartier.testing.contracts.plan_store import PLAN_STORE
from kwartier.testing.contracts.planning_turns import PLANNING_TURNS
from kwartier.testing.contracts.price_store import PRICE_STORE
from kwartier.testing.contracts.promises import Promise
from kwartier.testing.contracts.session_override_store import SESSION_OVERRIDE_STORE
from kwartier.testing.contracts.site_store import SITE_STORE
from kwartier.testing.contracts.standing_store import STANDING_STORE
from kwartier.testing.contracts.transaction_store import TRANSACTION_STORE
from kwartier.testing.contracts.user_store import USER_STORE
from kwartier.testing.contracts.validation_store import VALIDATION_STORE
from kwartier.testing.contracts.webhook_store import WEBHOOK_STORE
from tests.services.stores import fake_stores, sql_stores

EVERY_PROMISE = [
    *PARTNER_STORE,
    *CLIENT_STORE,
    *USER_STORE,
    *BROKER_CREDENTIAL_STORE,
    *SITE_STORE,
    *MEASUREMENT_STORE,
    *TRANSACTION_STORE,
    *PRICE_STORE,
    *PLAN_STORE,
    *OUTBOX,
    *PLANNING_TURNS,
    *CONTROL_LEASES,
    *OPERATOR_LIMIT_STORE,
    *DRY_RUN_STORE,
    *SESSION_OVERRIDE_STORE,
    *STANDING_STORE,
    *MONTH_FLOOR_STORE,
    *IDEMPOTENCY_STORE,
    *EVENT_LOG,
    *WEBHOOK_STORE,
    *VALIDATION_STORE,
]


@pytest.mark.parametrize("promise", EVERY_PROMISE, ids=lambda promise: promise.__name__)
def test_the_stores_in_the_database_keep_their_promises(promise: Promise, database: Database) -> None:
    with sql_stores(database) as stores:
        promise(stores)


@pytest.mark.parametrize("promise", EVERY_PROMISE, ids=lambda promise: promise.__name__)
def test_the_stores_in_memory_keep_the_same_promises(promise: Promise) -> None:
    promise(fake_stores())
