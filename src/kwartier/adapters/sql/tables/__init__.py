"""Every table, one file per resource; each has a `partner_id`, first in its primary key."""

from kwartier.adapters.sql.tables import (
    broker_credentials,
    control_leases,
    dry_runs,
    events,
    idempotency,
    measurements,
    operator_limits,
    outbox,
    partners,
    planning_turns,
    plans,
    prices,
    session_overrides,
    sites,
    standings,
    transactions,
    users,
)
from kwartier.adapters.sql.tables.metadata import metadata

__all__ = [
    "broker_credentials",
    "control_leases",
    "dry_runs",
    "events",
    "idempotency",
    "measurements",
    "metadata",
    "operator_limits",
    "outbox",
    "partners",
    "planning_turns",
    "plans",
    "prices",
    "session_overrides",
    "sites",
    "standings",
    "transactions",
    "users",
]
