"""What Alembic runs: the steps on the connection that `kwartier.adapters.sql.schema` hands over, in its transaction."""

from alembic import context

from kwartier.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # both databases undo a table like a row
    transaction_per_migration=False,
)
context.run_migrations()
