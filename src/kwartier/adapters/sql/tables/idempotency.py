"""Requests that are known by a key of the caller's own, with what was answered."""

from sqlalchemy import JSON, Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("key", Id, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("status_code", Integer),
    Column("headers", JSON),
    Column("body", LargeBinary),
    PrimaryKeyConstraint("partner_id", "key"),
)
