"""PostgreSQL keeps partners apart by itself: the role that works, and the policy on every table.

Every transaction of the service takes on the role `kwartier_app`, which owns nothing, and names its partner; both last
as long as the transaction (SET LOCAL), so a connection that goes back to its pool has forgotten them. A statement
without a partner sees no rows. On SQLite there is nothing of this kind; there the statements' own conditions do it.
"""

from sqlalchemy import Connection, text

ROLE = "kwartier_app"
PARTNER_SETTING = "kwartier.partner_id"
OPERATOR_SETTING = "kwartier.is_operator"

# An empty text is what a setting holds that was set in an earlier transaction of the same session.
_OWN_ROWS = f"partner_id = nullif(current_setting('{PARTNER_SETTING}', true), '')"
_IS_OPERATOR = f"current_setting('{OPERATOR_SETTING}', true) = 'on'"

# One round trip for all that a transaction needs to know.
ENTER = text(
    f"SELECT set_config('role', '{ROLE}', true), set_config('{PARTNER_SETTING}', :partner_id, true), "
    f"set_config('{OPERATOR_SETTING}', :is_operator, true), "
    "set_config('transaction_read_only', :is_read_only, true)"
)

CREATE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN;
  END IF;
  EXECUTE format('GRANT {ROLE} TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')
     OR NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
    RAISE EXCEPTION 'the database user % may not take on the role {ROLE}', current_user
      USING HINT = 'As a superuser: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO <the user>;';
  END IF;
END $$
"""


def create_role(connection: Connection) -> None:
    """Make the role that the service works as, and let the database's user take it on; PostgreSQL only."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(CREATE_ROLE))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {ROLE}"))


def secure_table(connection: Connection, table: str, *, has_operator_access: bool = False) -> None:
    """Show the rows of a table to their own partner only, also to its owner; PostgreSQL only.

    `has_operator_access` is for the list of partners, which the operator's commands and the scheduler read whole.
    """
    if connection.dialect.name != "postgresql":
        return
    condition = f"{_OWN_ROWS} OR {_IS_OPERATOR}" if has_operator_access else _OWN_ROWS
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_rows ON {table} USING ({condition}) WITH CHECK ({condition})",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}",
    ):
        connection.execute(text(statement))
