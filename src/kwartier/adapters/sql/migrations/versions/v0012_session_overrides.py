"""What was decided about charging sessions."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "session_overrides",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("override_number", sa.Integer, nullable=False),
        sa.Column("asset_id", Id, nullable=False),
        sa.Column("transaction_id", Id, nullable=False),
        sa.Column("wish", sa.String, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("departure_time", Moment),
        sa.Column("minimum_energy_wh", sa.Double),
        sa.PrimaryKeyConstraint("partner_id", "site_id", "override_number", name="pk_session_overrides"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"],
            ["sites.partner_id", "sites.site_id"],
            name="fk_session_overrides_sites",
        ),
    )
    op.create_index(
        "ix_session_overrides_of_session", "session_overrides", ["partner_id", "site_id", "transaction_id"]
    )
    secure_table(op.get_bind(), "session_overrides")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("session_overrides")
