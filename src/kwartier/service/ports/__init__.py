"""What the service needs of the world, one protocol per file; adapters implement them, `app.wiring` chooses."""

from dataclasses import dataclass, field

from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.ports.access_tokens import AccessTokens
from kwartier.service.ports.broker_credential_store import BrokerCredentialStore
from kwartier.service.ports.client_store import ClientStore
from kwartier.service.ports.clock import Clock
from kwartier.service.ports.control_leases import ControlLeases
from kwartier.service.ports.crash_points import CrashPoints, no_crash
from kwartier.service.ports.dry_run_store import DryRunStore
from kwartier.service.ports.event_channel import EventChannel
from kwartier.service.ports.event_log import EventLog
from kwartier.service.ports.hindsight_peaks import HindsightPeaks
from kwartier.service.ports.idempotency_store import IdempotencyStore
from kwartier.service.ports.ids import Ids
from kwartier.service.ports.measurement_archive import MeasurementArchive
from kwartier.service.ports.measurement_writer import MeasurementWriter
from kwartier.service.ports.month_floor_store import MonthFloorStore
from kwartier.service.ports.operator_limit_store import OperatorLimitStore
from kwartier.service.ports.outbox import Outbox
from kwartier.service.ports.partner_store import PartnerStore
from kwartier.service.ports.plan_store import PlanStore
from kwartier.service.ports.planner import Planner
from kwartier.service.ports.planning_turns import PlanningTurns
from kwartier.service.ports.price_store import PriceStore
from kwartier.service.ports.retention import Retention
from kwartier.service.ports.secret_hasher import SecretHasher
from kwartier.service.ports.session_override_store import SessionOverrideStore
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.ports.standing_store import StandingStore
from kwartier.service.ports.transaction_store import TransactionStore
from kwartier.service.ports.user_store import UserStore
from kwartier.service.ports.validation_store import ValidationStore
from kwartier.service.ports.webhook_secrets import WebhookSecrets
from kwartier.service.ports.webhook_store import WebhookStore
from kwartier.service.quarter_memory import QuarterMemory

__all__ = [
    "AccessTokens",
    "BrokerCredentialStore",
    "ClientStore",
    "Clock",
    "ControlLeases",
    "CrashPoints",
    "DryRunStore",
    "EventChannel",
    "EventLog",
    "HindsightPeaks",
    "IdempotencyStore",
    "Ids",
    "MeasurementArchive",
    "MeasurementWriter",
    "MonthFloorStore",
    "OperatorLimitStore",
    "Outbox",
    "PartnerStore",
    "PlanStore",
    "Planner",
    "PlanningTurns",
    "Ports",
    "PriceStore",
    "Retention",
    "SecretHasher",
    "SessionOverrideStore",
    "SiteStore",
    "StandingStore",
    "TransactionStore",
    "UserStore",
    "ValidationStore",
    "WebhookSecrets",
    "WebhookStore",
    "no_crash",
]


@dataclass(frozen=True)
class Ports:
    """Everything outside, as one value that the wiring makes and the edges hand on; a use case takes what it needs."""

    clock: Clock
    ids: Ids
    hasher: SecretHasher
    tokens: AccessTokens
    partners: PartnerStore
    clients: ClientStore
    users: UserStore
    broker_credentials: BrokerCredentialStore
    sites: SiteStore
    measurement_writer: MeasurementWriter
    measurements: MeasurementArchive
    transactions: TransactionStore
    prices: PriceStore
    plans: PlanStore
    outbox: Outbox
    planner: Planner
    hindsight_peaks: HindsightPeaks
    turns: PlanningTurns
    control_leases: ControlLeases
    operator_limits: OperatorLimitStore
    dry_runs: DryRunStore
    session_overrides: SessionOverrideStore
    standings: StandingStore
    month_floors: MonthFloorStore
    idempotency: IdempotencyStore
    retention: Retention
    validations: ValidationStore
    events: EventLog
    webhooks: WebhookStore
    webhook_secrets: WebhookSecrets
    channel: EventChannel
    flags: FeatureFlags
    crash_points: CrashPoints = no_crash
    quarter_memory: QuarterMemory = field(default_factory=QuarterMemory)
