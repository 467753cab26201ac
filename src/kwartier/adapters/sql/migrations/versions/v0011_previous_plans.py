"""A plan names the plan in force that it was kept near to: without that it cannot be made again."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.tables.metadata import Id

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("plans", sa.Column("previous_plan_id", Id))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("plans", "previous_plan_id")
