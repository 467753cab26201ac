"""How a contract suite is written down."""

from collections.abc import Callable
from dataclasses import dataclass

from kwartier.service.ports import (
    ClientStore,
    EventLog,
    MeasurementArchive,
    MeasurementWriter,
    OperatorLimitStore,
    PartnerStore,
    PlanningTurns,
    PlanStore,
    PriceStore,
    SiteStore,
    TransactionStore,
    ValidationStore,
)


@dataclass(frozen=True)
class Stores:
    """The stores over one and the same data; empty at the start of a promise."""

    partners: PartnerStore
    clients: ClientStore
    sites: SiteStore
    measurement_writer: MeasurementWriter
    measurements: MeasurementArchive
    transactions: TransactionStore
    prices: PriceStore
    plans: PlanStore
    turns: PlanningTurns
    operator_limits: OperatorLimitStore
    events: EventLog
    validations: ValidationStore


Promise = Callable[[Stores], None]


class Promises(list[Promise]):
    """The promises of one port, in order; as a decorator it adds one."""

    def __call__(self, promise: Promise) -> Promise:
        """Add a promise."""
        self.append(promise)
        return promise
