"""The people who look at the dashboard, and their sessions."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0010"
down_revision = "0009"

TABLES = ("users", "user_sessions")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("user_name", Id, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "user_name", name="pk_users"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_users_partners"),
    )
    op.create_table(
        "user_sessions",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("session_hash", Id, nullable=False),
        sa.Column("user_name", Id, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "session_hash", name="pk_user_sessions"),
        sa.ForeignKeyConstraint(
            ["partner_id", "user_name"],
            ["users.partner_id", "users.user_name"],
            name="fk_user_sessions_users",
        ),
    )
    for table in TABLES:
        secure_table(op.get_bind(), table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
