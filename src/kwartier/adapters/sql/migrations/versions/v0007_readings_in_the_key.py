"""On PostgreSQL the key's index holds what energies are made of.

Rows come in turns from all assets, so a month of one asset lies on as many pages as it has rows. The index has them
side by side, and reading it alone is enough. SQLite keeps whole rows in the order of their key.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

KEY = "partner_id, site_id, asset_id, measured_us"
READINGS = "energy_total_wh, power_w"
# A table that is only added to is looked over (for reads of the index alone) after a fifth of its rows by default;
# a month in a store of years would wait for most of a year.
LOOKED_OVER_SHARE = 0.02


def upgrade() -> None:
    """Make the key's index anew with two more columns."""
    _make_key(
        f"({KEY}) INCLUDE ({READINGS})", f"SET (autovacuum_vacuum_insert_scale_factor = {LOOKED_OVER_SHARE})"
    )


def downgrade() -> None:
    """Make it without them."""
    _make_key(f"({KEY})", "RESET (autovacuum_vacuum_insert_scale_factor)")


def _make_key(columns: str, setting: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE measurements DROP CONSTRAINT pk_measurements")
    op.execute(f"ALTER TABLE measurements ADD CONSTRAINT pk_measurements PRIMARY KEY {columns}")
    op.execute(f"ALTER TABLE measurements {setting}")
