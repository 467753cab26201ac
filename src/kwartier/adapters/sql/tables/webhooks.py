"""Partners' webhooks, and the events that wait to be sent to them."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("webhook_id", Id, nullable=False),
    Column("url", String, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("secret_number", Integer, nullable=False),
    Column("rotated_at", Moment),
    PrimaryKeyConstraint("partner_id", "webhook_id"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("webhook_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("event_number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempt_count", Integer, nullable=False),
    # When it is tried next; nothing where it was given up.
    Column("due_at", Moment),
    Column("last_failure", String),
    PrimaryKeyConstraint("partner_id", "webhook_id", "site_id", "event_number"),
    ForeignKeyConstraint(["partner_id", "webhook_id"], ["webhooks.partner_id", "webhooks.webhook_id"]),
)
