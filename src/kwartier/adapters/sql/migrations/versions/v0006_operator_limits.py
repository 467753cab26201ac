"""What grid operators allow sites."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "operator_limits",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("limits", sa.JSON, nullable=False),
        sa.Column("failsafe", sa.JSON, nullable=False),
        sa.Column("limits_at", Moment, nullable=False),
        sa.Column("heard_at", Moment, nullable=False),
        sa.Column("was_silent", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_operator_limits"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_operator_limits_sites"
        ),
    )
    secure_table(op.get_bind(), "operator_limits")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("operator_limits")
