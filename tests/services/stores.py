"""All stores over one and the same data: in memory, or in a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from kwartier.adapters.sql.broker_credential_store import SqlBrokerCredentialStore
from kwartier.adapters.sql.client_store import SqlClientStore
from kwartier.adapters.sql.control_leases import SqlControlLeases
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.dry_run_store import SqlDryRunStore
from kwartier.adapters.sql.event_log import SqlEventLog
from kwartier.adapters.sql.idempotency_store import SqlIdempotencyStore
from kwartier.adapters.sql.measurement_archive import SqlMeasurementArchive
from kwartier.adapters.sql.measurement_writer import open_measurement_writer
from kwartier.adapters.sql.month_floor_store import SqlMonthFloorStore
from kwartier.adapters.sql.operator_limit_store import SqlOperatorLimitStore
from kwartier.adapters.sql.outbox import SqlOutbox
from kwartier.adapters.sql.partner_store import SqlPartnerStore
from kwartier.adapters.sql.plan_store import SqlPlanStore
from kwartier.adapters.sql.planning_turns import SqlPlanningTurns
from kwartier.adapters.sql.price_store import SqlPriceStore
from kwartier.adapters.sql.session_override_store import SqlSessionOverrideStore
from kwartier.adapters.sql.site_store import SqlSiteStore
from kwartier.adapters.sql.standing_store import SqlStandingStore
from kwartier.adapters.sql.transaction_store import SqlTransactionStore
from kwartier.adapters.sql.user_store import SqlUserStore
from kwartier.adapters.sql.validation_store import SqlValidationStore
from kwartier.adapters.sql.webhook_store import SqlWebhookStore
from kwartier.service.ports import CrashPoints, no_crash
from kwartier.testing.contracts.promises import Stores
from kwartier.testing.fakes.broker_credential_store import FakeBrokerCredentialStore
from kwartier.testing.fakes.client_store import FakeClientStore
from kwartier.testing.fakes.control_leases import FakeControlLeases
from kwartier.testing.fakes.dry_run_store import FakeDryRunStore
from kwartier.testing.fakes.event_log import FakeEventLog
from kwartier.testing.fakes.idempotency_store import FakeIdempotencyStore
from kwartier.testing.fakes.measurement_store import FakeMeasurementStore
from kwartier.testing.fakes.month_floor_store import FakeMonthFloorStore
from kwartier.testing.fakes.operator_limit_store import FakeOperatorLimitStore
from kwartier.testing.fakes.outbox import FakeOutbox
from kwartier.testing.fakes.partner_store import FakePartnerStore
from kwartier.testing.fakes.plan_store import FakePlanStore
from kwartier.testing.fakes.planning_turns import FakePlanningTurns
from kwartier.testing.fakes.price_store import FakePriceStore
from kwartier.testing.fakes.session_override_store import FakeSessionOverrideStore
from kwartier.testing.fakes.site_store import FakeSiteStore
from kwartier.testing.fakes.standing_store import FakeStandingStore
from kwartier.testing.fakes.transaction_store import FakeTransactionStore
from kwartier.testing.fakes.user_store import FakeUserStore
from kwartier.testing.fakes.validation_store import FakeValidationStore
from kwartier.testing.fakes.webhook_store import FakeWebhookStore


@contextmanager
def sql_stores(database: Database, crash_points: CrashPoints = no_crash) -> Iterator[Stores]:
    """The stores in a database; the writer of measurements stops at the end."""
    writer = open_measurement_writer(database, crash_points)
    try:
        yield Stores(
            SqlPartnerStore(database),
            SqlClientStore(database),
            SqlUserStore(database),
            SqlBrokerCredentialStore(database),
            SqlSiteStore(database),
            writer,
            SqlMeasurementArchive(database),
            SqlTransactionStore(database),
            SqlPriceStore(database),
            SqlPlanStore(database),
            SqlOutbox(database),
            SqlPlanningTurns(database),
            SqlControlLeases(database),
            SqlOperatorLimitStore(database),
            SqlDryRunStore(database),
            SqlSessionOverrideStore(database),
            SqlStandingStore(database),
            SqlMonthFloorStore(database),
            SqlIdempotencyStore(database),
            SqlEventLog(database),
            SqlWebhookStore(database),
            SqlValidationStore(database),
        )
    finally:
        writer.close()


def fake_stores() -> Stores:
    """The stores in memory."""
    sites, leases = FakeSiteStore(), FakeControlLeases()
    outbox, webhooks = FakeOutbox(leases), FakeWebhookStore()
    measurements = FakeMeasurementStore(sites)
    turns = FakePlanningTurns(sites)
    return Stores(
        FakePartnerStore(),
        FakeClientStore(),
        FakeUserStore(),
        FakeBrokerCredentialStore(),
        sites,
        measurements,
        measurements,
        FakeTransactionStore(sites),
        FakePriceStore(),
        FakePlanStore(turns, outbox),
        outbox,
        turns,
        leases,
        FakeOperatorLimitStore(),
        FakeDryRunStore(),
        FakeSessionOverrideStore(),
        FakeStandingStore(),
        FakeMonthFloorStore(sites),
        FakeIdempotencyStore(),
        FakeEventLog(webhooks),
        webhooks,
        FakeValidationStore(sites),
    )
