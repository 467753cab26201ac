"""Measurements and charging transactions."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0002"
down_revision = "0001"

TABLES = (
    "measurements",
    "measurement_corrections",
    "transactions",
    "transaction_messages",
)


def upgrade() -> None:
    """Make the tables."""
    _create_measurements()
    _create_transactions()
    for table in TABLES:
        secure_table(op.get_bind(), table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _site_key() -> list[sa.Column[str]]:
    return [
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("asset_id", Id, nullable=False),
    ]


def _measured() -> list[sa.Column[object]]:
    return [
        sa.Column("measured_us", sa.BigInteger, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("energy_total_wh", sa.Double, nullable=False),
        sa.Column("power_w", sa.Double, nullable=False),
        sa.Column("charge_percent", sa.Double),
        sa.Column("pins", sa.String),
        sa.Column("revision_number", sa.Integer, nullable=False),
    ]


def _create_measurements() -> None:
    key = ("partner_id", "site_id", "asset_id", "measured_us")
    op.create_table(
        "measurements",
        *_site_key(),
        *_measured(),
        sa.PrimaryKeyConstraint(*key, name="pk_measurements"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "measurement_corrections",
        *_site_key(),
        *_measured(),
        sa.Column("replaced_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(*key, "revision_number", name="pk_measurement_corrections"),
        sqlite_with_rowid=False,
    )


def _create_transactions() -> None:
    op.create_table(
        "transactions",
        *_site_key(),
        sa.Column("transaction_id", Id, nullable=False),
        sa.Column("start_time", Moment, nullable=False),
        sa.Column("is_running", sa.Boolean, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("message_count", sa.Integer, nullable=False),
        sa.Column("irregularities", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id", "site_id", "asset_id", "transaction_id", name="pk_transactions"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_transactions_sites"
        ),
    )
    place = ["partner_id", "site_id", "start_time", "asset_id", "transaction_id"]
    op.create_index("ix_transactions_by_start", "transactions", place)
    op.create_table(
        "transaction_messages",
        *_site_key(),
        sa.Column("transaction_id", Id, nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("revision_number", sa.Integer, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint(
            "partner_id",
            "site_id",
            "asset_id",
            "transaction_id",
            "sent_at",
            "state",
            "revision_number",
            name="pk_transaction_messages",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"],
            ["sites.partner_id", "sites.site_id"],
            name="fk_transaction_messages_sites",
        ),
    )
