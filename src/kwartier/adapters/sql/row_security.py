"""PostgreSQL keeps partners apart by itself: the role that works, and the policy on every table.

Every transaction of the service takes on the role `kwartier_app`, which owns nothing, and names its partner; both last
as long as the transaction (SET LOCAL), so a connection that goes back to its pool has forgotten them. A statement
without a partner sees no rows. On SQLite there is nothing of this kind; there the statements' own conditions do it.
"""

from sqlalchemy import Connection, text

ROLE = "kwartier_app"

# An empty text is what a setting holds that was set in an earlier transaction of the same session.
_OWN_ROWS = "partner_id = nullif(current_setting('kwartier.partner_id', true), '')"
_IS_OPERATOR = "current_setting('kwartier.is_operator', true) = 'on'"

# One round trip for all that a transaction needs to know.
ENTER = text("""
SELECT set_config('role', :role, true),
       set_config('kwartier.partner_id', :partner_id, true),
       set_config('kwartier.is_operator', :is_operator, true),
       set_config('transaction_read_only', :is_read_only, true)
""").bindparams(role=ROLE)

CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kwartier_app') THEN
    CREATE ROLE kwartier_app NOLOGIN;
  END IF;
  EXECUTE format('GRANT kwartier_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kwartier_app')
     OR NOT pg_has_role(current_user, 'kwartier_app', 'MEMBER') THEN
    RAISE EXCEPTION 'the database user % may not take on the role kwartier_app', current_user
      USING HINT = 'As a superuser: CREATE ROLE kwartier_app NOLOGIN; GRANT kwartier_app TO <the user>;';
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
