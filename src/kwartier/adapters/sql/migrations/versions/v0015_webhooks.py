"""Partners' webhooks, and the events that wait to be sent to them."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhooks",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("webhook_id", Id, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("secret_number", sa.Integer, nullable=False),
        sa.Column("rotated_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "webhook_id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_webhooks_partners"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("webhook_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("event_number", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("attempt_count", sa.Integer, nullable=False),
        sa.Column("due_at", Moment),
        sa.Column("last_failure", sa.String),
        sa.PrimaryKeyConstraint(
            "partner_id", "webhook_id", "site_id", "event_number", name="pk_webhook_deliveries"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "webhook_id"],
            ["webhooks.partner_id", "webhooks.webhook_id"],
            name="fk_webhook_deliveries_webhooks",
        ),
    )
    for table in ("webhooks", "webhook_deliveries"):
        secure_table(op.get_bind(), table)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
