"""Messages that wait to be sent to sites."""

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("kind", String, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("send_at", Moment, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "kind", "asset_id", "send_at"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
