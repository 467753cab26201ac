"""Charging transactions: every message, what it said before it was corrected, and what all of them tell."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

transactions = Table(
    "transactions",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("transaction_id", Id, nullable=False),
    Column("start_time", Moment, nullable=False),
    Column("is_running", Boolean, nullable=False),
    Column("document", JSON, nullable=False),
    Column("message_count", Integer, nullable=False),
    Column("irregularities", JSON, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "asset_id", "transaction_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
    Index("ix_transactions_by_start", "partner_id", "site_id", "start_time", "asset_id", "transaction_id"),
)

# The message of the highest revision is the one that counts; the others are what it said before.
transaction_messages = Table(
    "transaction_messages",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("transaction_id", Id, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("revision_number", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint(
        "partner_id", "site_id", "asset_id", "transaction_id", "sent_at", "state", "revision_number"
    ),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
