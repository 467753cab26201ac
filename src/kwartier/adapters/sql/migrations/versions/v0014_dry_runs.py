"""Which sites are only tried out."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "dry_runs",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_dry_runs"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_dry_runs_sites"
        ),
    )
    secure_table(op.get_bind(), "dry_runs")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("dry_runs")
