"""Measurements, and what they said before they were corrected.

Moments are whole microseconds since 1970 and not `Moment`: half the size in SQLite, and sent to PostgreSQL as plain
numbers. Partner, site, asset and moment are the key and nothing else is, so that SQLite keeps the rows in its order.
"""

from sqlalchemy import BigInteger, Column, Double, Integer, PrimaryKeyConstraint, String, Table

from kwartier.adapters.sql.tables.metadata import Id, metadata

measurements = Table(
    "measurements",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("measured_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("energy_total_wh", Double, nullable=False),
    Column("power_w", Double, nullable=False),
    Column("charge_percent", Double),
    Column("pins", String),
    Column("revision_number", Integer, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "asset_id", "measured_us"),
    sqlite_with_rowid=False,
)

measurement_corrections = Table(
    "measurement_corrections",
    metadata,
    Column("partner_id", Id, nullable=False),
    Column("site_id", Id, nullable=False),
    Column("asset_id", Id, nullable=False),
    Column("measured_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("energy_total_wh", Double, nullable=False),
    Column("power_w", Double, nullable=False),
    Column("charge_percent", Double),
    Column("pins", String),
    Column("revision_number", Integer, nullable=False),
    Column("replaced_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("partner_id", "site_id", "asset_id", "measured_us", "revision_number"),
    sqlite_with_rowid=False,
)
