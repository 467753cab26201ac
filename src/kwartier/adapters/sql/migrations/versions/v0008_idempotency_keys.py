"""Requests that are known by a key of the caller's own."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("key", Id, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("claimed_at", Moment, nullable=False),
        sa.Column("status_code", sa.Integer),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("partner_id", "key", name="pk_idempotency_keys"),
    )
    secure_table(op.get_bind(), "idempotency_keys")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("idempotency_keys")
