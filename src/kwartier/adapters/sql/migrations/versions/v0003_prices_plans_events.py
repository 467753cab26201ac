"""Day-ahead prices, plans with their requests, events and the last validation status of sites."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0003"
down_revision = "0002"

TABLES = ("price_days", "plans", "site_events", "validation_states")


def upgrade() -> None:
    """Make the tables."""
    _create_prices()
    _create_plans()
    _create_events()
    for table in TABLES:
        secure_table(op.get_bind(), table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _of_a_site(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name=f"fk_{table}_sites"
    )


def _create_prices() -> None:
    op.create_table(
        "price_days",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("bidding_zone", Id, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
        sa.Column("resolution", sa.String, nullable=False),
        sa.Column("eur_per_mwh", sa.JSON, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "bidding_zone", "day", "known_at", name="pk_price_days"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_price_days_partners"),
    )


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("plan_id", Id, nullable=False),
        sa.Column("planned_from", Moment, nullable=False),
        sa.Column("stored_at", Moment, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("is_safe", sa.Boolean, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("plan", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", "plan_id", name="pk_plans"),
        _of_a_site("plans"),
    )
    op.create_index(
        "ix_plans_partner_id_site_id_planned_from",
        "plans",
        ["partner_id", "site_id", "planned_from", "plan_id"],
    )


def _create_events() -> None:
    op.create_table(
        "site_events",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("event_number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("occurred_at", Moment, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", "event_number", name="pk_site_events"),
        _of_a_site("site_events"),
    )
    op.create_table(
        "validation_states",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("validation_status", sa.JSON, nullable=False),
        sa.Column("since", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_validation_states"),
        _of_a_site("validation_states"),
    )
