"""What partners log in to the broker with."""

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

broker_credentials = Table(
    "broker_credentials",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("username", Id, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("site_id", Id),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("partner_id", "username"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)
