"""Whose turn it is to plan each site."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table

from kwartier.adapters.sql.tables.metadata import Id, Moment, metadata

planning_turns = Table(
    "planning_turns",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    # The last quarter-hour that was planned, counted in UTC since 1970.
    Column("planned_quarter", Integer),
    Column("asked_at", Moment),
    Column("taken_at", Moment),
    Column("fence_number", BigInteger, nullable=False),
    Column("leased_until", Moment),
    PrimaryKeyConstraint("partner_id", "site_id"),
    ForeignKeyConstraint(["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"]),
)
