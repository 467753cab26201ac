"""The peaks that months are expected to have."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "month_floors",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("again_at", Moment, nullable=False),
        sa.Column("month", sa.String(7)),
        sa.Column("made_at", Moment),
        sa.Column("highest_w_by_root", sa.JSON),
        sa.Column("reason", sa.String),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_month_floors"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_month_floors_sites"
        ),
    )
    secure_table(op.get_bind(), "month_floors")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("month_floors")
