"""Who controls the sites of each partner."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "control_leases",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("holder_id", Id, nullable=False),
        sa.Column("fence_number", sa.BigInteger, nullable=False),
        sa.Column("leased_until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name="pk_control_leases"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_control_leases_partners"),
    )
    secure_table(op.get_bind(), "control_leases")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("control_leases")
