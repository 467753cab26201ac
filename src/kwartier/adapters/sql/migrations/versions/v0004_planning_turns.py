"""Whose turn it is to plan each site."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "planning_turns",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("planned_quarter", sa.Integer),
        sa.Column("asked_at", Moment),
        sa.Column("taken_at", Moment),
        sa.Column("fence_number", sa.BigInteger, nullable=False),
        sa.Column("leased_until", Moment),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_planning_turns"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_planning_turns_sites"
        ),
    )
    secure_table(op.get_bind(), "planning_turns")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("planning_turns")
