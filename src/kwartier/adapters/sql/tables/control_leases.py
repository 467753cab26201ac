"""Who controls the sites of each partner."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

control_leases = Table(
    "control_leases",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("holder_id", Id, nullable=False),
    Column("fence_number", BigInteger, nullable=False),
    Column("leased_until", Moment, nullable=False),
    PrimaryKeyConstraint("partner_id"),
    ForeignKeyConstraint(["partner_id"], ["partners.partner_id"]),
)
