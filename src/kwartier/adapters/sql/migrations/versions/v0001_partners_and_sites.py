"""Partners, clients and sites."""

import sqlalchemy as sa
from alembic import op

from kwartier.adapters.sql.row_security import create_role, secure_table
from kwartier.adapters.sql.tables.metadata import Id, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and the role that works with them."""
    _create_partners()
    _create_sites()
    connection = op.get_bind()
    create_role(connection)
    secure_table(connection, "partners", has_operator_access=True)
    for table in ("clients", "client_secrets", "sites", "site_revisions"):
        secure_table(connection, table)


def downgrade() -> None:
    """Drop the tables; the role stays, other databases of the same server may use it."""
    for table in ("site_revisions", "sites", "client_secrets", "clients", "partners"):
        op.drop_table(table)


def _create_partners() -> None:
    op.create_table(
        "partners",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partners"),
        sa.UniqueConstraint("name", name="uq_partners_name"),
    )
    op.create_table(
        "clients",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "client_id", name="pk_clients"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_clients_partners"),
    )
    op.create_table(
        "client_secrets",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("secret_number", sa.Integer, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "client_id", "secret_number", name="pk_client_secrets"),
        sa.ForeignKeyConstraint(
            ["partner_id", "client_id"],
            ["clients.partner_id", "clients.client_id"],
            name="fk_client_secrets_clients",
        ),
    )


def _create_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("revision_number", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("validation_status", sa.JSON, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("deleted_at", Moment),
        sa.PrimaryKeyConstraint("partner_id", "site_id", name="pk_sites"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.partner_id"], name="fk_sites_partners"),
    )
    op.create_table(
        "site_revisions",
        sa.Column("partner_id", Id, nullable=False),
        sa.Column("site_id", Id, nullable=False),
        sa.Column("revision_number", sa.Integer, nullable=False),
        sa.Column("change_kind", sa.String, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", Id, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "site_id", "revision_number", name="pk_site_revisions"),
        sa.ForeignKeyConstraint(
            ["partner_id", "site_id"], ["sites.partner_id", "sites.site_id"], name="fk_site_revisions_sites"
        ),
    )
