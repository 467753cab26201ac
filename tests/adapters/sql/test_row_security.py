"""PostgreSQL keeps partners apart by itself, whatever a statement forgets (reliability.md, R45)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from kwartier.adapters.sql.database import Database, enter
from kwartier.adapters.sql.row_security import ROLE
from kwartier.adapters.sql.tables import metadata
from kwartier.service.partner import Partner
from kwartier.service.ports.idempotency_store import RequestKey
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.testing.contracts.broker_credential_store import a_credential
from kwartier.testing.contracts.examples import MONDAY, a_client, a_draft, a_partner
from kwartier.testing.contracts.measurement_store import a_row
from kwartier.testing.contracts.operator_limit_store import TOLD
from kwartier.testing.contracts.outbox import a_message as an_outgoing_message
from kwartier.testing.contracts.plan_store import a_plan
from kwartier.testing.contracts.planning_turns import LEASE, NOW
from kwartier.testing.contracts.price_store import a_price_day
from kwartier.testing.contracts.promises import Stores
from kwartier.testing.contracts.standing_store import STANDING
from kwartier.testing.contracts.transaction_store import a_message
from kwartier.testing.contracts.validation_store import STATE
from tests.adapters.sql.inner_rows import keep_inner_rows
from tests.services.stores import sql_stores

TABLES = sorted(metadata.tables)


def fill(stores: Stores, partner: Partner) -> None:
    """A row of the partner in every table."""
    stores.clients.add(a_client(partner))
    stores.sites.create(a_draft(partner))
    row = a_row(0)._replace(partner_id=partner.partner_id)
    for version in (row, row._replace(power_w=1.0)):
        submitted = stores.measurement_writer.submit([version])
        assert not isinstance(submitted, QueueFull)
        submitted.result(10)
    stores.transactions.keep(partner.partner_id, "hall", a_message("Started", 0), MONDAY)
    stores.prices.keep(partner.partner_id, [a_price_day()])
    stores.plans.keep(a_plan(partner), [an_outgoing_message(partner)])
    stores.broker_credentials.add(a_credential(partner.partner_id))
    assert stores.turns.take(partner.partner_id, "hall", NOW, MONDAY, MONDAY + LEASE) is not None
    stores.operator_limits.keep(partner.partner_id, "hall", TOLD)
    stores.standings.keep(partner.partner_id, "hall", STANDING)
    request = RequestKey(partner.partner_id, "order 66", "f" * 64)
    stores.idempotency.claim(request, MONDAY, forgotten=MONDAY, given_up=MONDAY)
    stores.events.append(partner.partner_id, "hall", "plan_made", MONDAY, {})
    stores.validations.keep(partner.partner_id, "hall", STATE)
    keep_inner_rows(stores, partner.partner_id, "hall")


@pytest.fixture
def filled(postgresql_url: str) -> Iterator[Engine]:
    """A database in which every table has rows of alpha and of beta."""
    database = Database(postgresql_url)
    with sql_stores(database) as stores:
        for partner in (a_partner(stores, "alpha"), a_partner(stores, "beta")):
            fill(stores, partner)
    yield database.engine
    database.close()


def test_every_table_of_the_catalogue_has_forced_row_security_and_a_policy(filled: Engine) -> None:
    query = text(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, count(p.polname) FROM pg_class c "
        "LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace "
        "AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version' GROUP BY 1, 2, 3"
    )
    with filled.connect() as connection:
        assert sorted(map(tuple, connection.execute(query))) == [(name, True, True, 1) for name in TABLES]


def test_the_role_that_works_owns_nothing_and_may_not_pass_by(filled: Engine) -> None:
    owned = text(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = :role"
    )
    rights = text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = :role")
    with filled.connect() as connection:
        assert connection.scalar(owned, {"role": ROLE}) == 0
        assert tuple(connection.execute(rights, {"role": ROLE}).one()) == (False, False, False)


def test_raw_sql_without_a_partner_sees_no_row(filled: Engine) -> None:
    with filled.connect() as connection:
        # The connection's own user owns the tables; the policies hold for it as well.
        assert counted(connection) == dict.fromkeys(TABLES, 0)
        connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
        assert counted(connection) == dict.fromkeys(TABLES, 0)


def test_a_partner_sees_its_own_rows_and_no_other(filled: Engine) -> None:
    with filled.connect() as connection:
        enter(connection, "alpha", is_read_only=True)
        seen = {
            table: connection.execute(text(f"SELECT DISTINCT partner_id FROM {table}")).scalars().all()
            for table in TABLES
        }
    assert seen == {table: ["alpha"] for table in TABLES}


def test_a_partner_cannot_write_a_row_of_another_one(filled: Engine) -> None:
    # The change of owner is judged by the policy before any key is.
    for table in TABLES:
        with filled.connect() as connection:
            enter(connection, "alpha", is_read_only=False)
            with pytest.raises(ProgrammingError, match=f"row-level security policy .*{table}"):
                connection.execute(text(f"UPDATE {table} SET partner_id = 'beta'"))


def test_a_connection_that_went_back_to_its_pool_has_forgotten_the_partner(filled: Engine) -> None:
    with filled.connect() as connection:
        enter(connection, "alpha", is_read_only=False)
        connection.commit()
        assert connection.scalar(text("SELECT current_user")) == "owner"
        assert connection.scalar(text("SELECT count(*) FROM sites")) == 0


def test_a_reading_transaction_cannot_write(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with pytest.raises(Exception, match="read-only transaction"), database.reading("alpha") as connection:
        connection.execute(text("DELETE FROM sites"))
    database.close()


def test_a_transaction_without_a_partner_does_not_start(database: Database) -> None:
    with pytest.raises(ValueError, match="needs the partner"), database.reading(""):
        pass


def test_the_operator_sees_the_list_of_partners_and_nothing_of_theirs(filled: Engine) -> None:
    with filled.connect() as connection:
        enter(connection, "", is_read_only=True, is_operator=True)
        assert counted(connection) == {**dict.fromkeys(TABLES, 0), "partners": 2}


def counted(connection: Connection) -> dict[str, int]:
    """How many rows of each table a connection sees."""
    return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in TABLES}
