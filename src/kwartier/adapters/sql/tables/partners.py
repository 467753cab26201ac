"""Partners, their clients, and the hashes of the clients' secrets."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

partners = Table(
    "partners",
    metadata,
    Column("partner_id", Id, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("client_id", Id, nullable=False),
    Column("scope", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("partner_id", "client_id"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)

client_secrets = Table(
    "client_secrets",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("client_id", Id, nullable=False),
    Column("secret_number", Integer, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    PrimaryKeyConstraint("partner_id", "client_id", "secret_number"),
    ForeignKeyConstraint(["partner_id", "client_id"], ["clients.partner_id", "clients.client_id"]),
)
