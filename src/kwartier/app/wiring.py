"""Which class stands behind which port: the only place that knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kwartier.adapters.argon2.secret_hasher import Argon2SecretHasher
from kwartier.adapters.highs.bounded_planner import BoundedPlanner
from kwartier.adapters.highs.hindsight_peaks import SupervisedHindsight
from kwartier.adapters.jwt.access_tokens import JwtAccessTokens
from kwartier.adapters.sql import schema
from kwartier.adapters.sql.broker_credential_store import SqlBrokerCredentialStore
from kwartier.adapters.sql.client_store import SqlClientStore
from kwartier.adapters.sql.control_leases import SqlControlLeases
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.dry_run_store import SqlDryRunStore
from kwartier.adapters.sql.event_log import SqlEventLog
from kwartier.adapters.sql.group_commit import GroupCommitWriter
from kwartier.adapters.sql.idempotency_store import SqlIdempotencyStore
from kwartier.adapters.sql.ingest_figures import IngestFigures
from kwartier.adapters.sql.measurement_archive import SqlMeasurementArchive
from kwartier.adapters.sql.measurement_writer import open_measurement_writer
from kwartier.adapters.sql.month_floor_store import SqlMonthFloorStore
from kwartier.adapters.sql.operator_limit_store import SqlOperatorLimitStore
from kwartier.adapters.sql.outbox import SqlOutbox
from kwartier.adapters.sql.partner_store import SqlPartnerStore
from kwartier.adapters.sql.plan_store import SqlPlanStore
from kwartier.adapters.sql.planning_turns import SqlPlanningTurns
from kwartier.adapters.sql.price_store import SqlPriceStore
from kwartier.adapters.sql.retention import SqlRetention
from kwartier.adapters.sql.session_override_store import SqlSessionOverrideStore
from kwartier.adapters.sql.site_store import SqlSiteStore
from kwartier.adapters.sql.standing_store import SqlStandingStore
from kwartier.adapters.sql.transaction_store import SqlTransactionStore
from kwartier.adapters.sql.user_store import SqlUserStore
from kwartier.adapters.sql.validation_store import SqlValidationStore
from kwartier.adapters.sql.webhook_store import SqlWebhookStore
from kwartier.adapters.system.event_channel import InProcessChannel
from kwartier.adapters.system.random_ids import RandomIds
from kwartier.adapters.system.system_clock import SystemClock
from kwartier.adapters.system.webhook_secrets import DerivedWebhookSecrets
from kwartier.app.disk_fault import end_at_once
from kwartier.app.faults import UnusableSettings
from kwartier.app.planning_figures import CountingPlanner, PlanningFigures
from kwartier.app.secret_key import secret_key
from kwartier.app.settings import Settings
from kwartier.service.dispatching.live_readings import ListeningWriter, LiveReadings
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports import Clock, CrashPoints, MeasurementWriter, Planner, Ports, no_crash


@dataclass(frozen=True)
class Wired:
    """The service put together: its ports, the database under them, the newest readings, and figures about its work."""

    ports: Ports
    database: Database
    live: LiveReadings
    ingest: IngestFigures
    planning: PlanningFigures

    def is_ready(self) -> bool:
        """Whether the database answers, and has the schema that this program works with."""
        return (
            self.database.is_reachable() and schema.current_version(self.database) == schema.newest_version()
        )


@contextmanager
def wired(
    settings: Settings, crash_points: CrashPoints = no_crash, clock: Clock | None = None
) -> Iterator[Wired]:
    """The service on these settings, by the machine's clock unless another is given; its database is closed at the end.

    Raises UnusableSettings.
    """
    clock = clock or SystemClock()
    database = open_database(settings)
    planner = BoundedPlanner(
        deadline_s=settings.plan_deadline_s, at_once_count=settings.concurrent_plan_count
    )
    try:
        with _writing(database, crash_points) as writer:
            live = LiveReadings(clock)
            listening = ListeningWriter(writer, live)
            figures = PlanningFigures()
            counted = CountingPlanner(planner, figures)
            ports = _ports(settings, database, listening, counted, clock, crash_points)
            yield Wired(ports, database, live, writer.figures, figures)
    finally:
        planner.close()
        database.close()


@contextmanager
def _writing(database: Database, crash_points: CrashPoints) -> Iterator[GroupCommitWriter]:
    writer = open_measurement_writer(database, crash_points)
    try:
        yield writer
    finally:
        writer.close()


def _ports(
    settings: Settings,
    database: Database,
    writer: MeasurementWriter,
    planner: Planner,
    clock: Clock,
    crash_points: CrashPoints,
) -> Ports:
    return Ports(
        clock=clock,
        ids=RandomIds(),
        hasher=Argon2SecretHasher(),
        tokens=JwtAccessTokens(secret_key(settings)),
        partners=SqlPartnerStore(database),
        clients=SqlClientStore(database),
        users=SqlUserStore(database),
        broker_credentials=SqlBrokerCredentialStore(database),
        sites=SqlSiteStore(database),
        measurement_writer=writer,
        measurements=SqlMeasurementArchive(database),
        transactions=SqlTransactionStore(database),
        prices=SqlPriceStore(database),
        plans=SqlPlanStore(database),
        outbox=SqlOutbox(database),
        planner=planner,
        hindsight_peaks=SupervisedHindsight(),
        turns=SqlPlanningTurns(database),
        control_leases=SqlControlLeases(database),
        operator_limits=SqlOperatorLimitStore(database),
        dry_runs=SqlDryRunStore(database),
        session_overrides=SqlSessionOverrideStore(database),
        standings=SqlStandingStore(database),
        month_floors=SqlMonthFloorStore(database),
        idempotency=SqlIdempotencyStore(database),
        retention=SqlRetention(database),
        validations=SqlValidationStore(database),
        events=SqlEventLog(database),
        webhooks=SqlWebhookStore(database),
        webhook_secrets=DerivedWebhookSecrets(secret_key(settings)),
        channel=InProcessChannel(),
        crash_points=crash_points,
        flags=FeatureFlags(
            settings.feature_configurable_peak_price, settings.control, settings.webhooks_allow_private
        ),
    )


def open_database(settings: Settings) -> Database:
    """The database of these settings; the data folder is made where the database lies in it."""
    if settings.database_url is None:
        try:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableSettings(f"KWARTIER_DATA_DIR={settings.data_dir}: {error.strerror}") from None
    return Database(settings.database_address, on_disk_fault=end_at_once)
