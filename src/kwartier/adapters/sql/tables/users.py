"""The people who look at the dashboard, and their sessions."""

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

users = Table(
    "users",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("user_name", Id, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("partner_id", "user_name"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("session_hash", Id, nullable=False),
    Column("user_name", Id, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("ended_at", Moment),
    PrimaryKeyConstraint("partner_id", "session_hash"),
    ForeignKeyConstraint(["partner_id", "user_name"], ["users.partner_id", "users.user_name"]),
)
