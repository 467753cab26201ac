"""How a contract suite is written down."""

from collections.abc import Callable
from dataclasses import dataclass

from kwartier.service.ports import (
    BrokerCredentialStore,
    ClientStore,
    ControlLeases,
    DryRunStore,
    EventLog,
    IdempotencyStore,
    MeasurementArchive,
    MeasurementWriter,
    MonthFloorStore,
    OperatorLimitStore,
    Outbox,
    PartnerStore,
    PlanningTurns,
    PlanStore,
    PriceStore,
    SessionOverrideStore,
    SiteStore,
    StandingStore,
    TransactionStore,
    UserStore,
    ValidationStore,
    WebhookStore,
)


@dataclass(frozen=True)
class Stores:
    """The stores over one and the same data; empty at the start of a promise."""

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
    turns: PlanningTurns
    control_leases: ControlLeases
    operator_limits: OperatorLimitStore
    dry_runs: DryRunStore
    session_overrides: SessionOverrideStore
    standings: StandingStore
    month_floors: MonthFloorStore
    idempotency: IdempotencyStore
    events: EventLog
    webhooks: WebhookStore
    validations: ValidationStore


Promise = Callable[[Stores], None]


class Promises(list[Promise]):
    """The promises of one port, in order; as a decorator it adds one."""

    def __call__(self, promise: Promise) -> Promise:
        """Add a promise."""
        self.append(promise)
        return promise
