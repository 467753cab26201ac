"""Where each controlled site stands."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "standings",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("stood_at", Moment, nullable=False),
        sa.Column("rung", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("setpoints", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_standings"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_standings_sites"
        ),
    )
    secure_table(op.get_bind(), "standings")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("standings")
