"""Messages that wait to be sent to sites, and what partners log in to the broker with."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0005"
down_revision = "0004"

TABLES = ("outbox", "broker_credentials")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("asset_id", Id, nullable=False),
        sa.Column("send_at", Moment, nullable=False),
        sa.Column("posted_at", Moment, nullable=False),
        sa.Column("not_after", Moment, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", "kind", "asset_id", "send_at", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_outbox_sites"
        ),
    )
    op.create_table(
        "broker_credentials",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("username", Id, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("site_id", Id),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "username", name="pk_broker_credentials"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.partner_id"], name="fk_broker_credentials_partners"
        ),
    )
    for table in TABLES:
        secure_table(op.get_bind(), table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
