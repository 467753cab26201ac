"""The steps from one schema to the next, as Alembic runs them; `kwartier.adapters.sql.schema` starts it.

While a new version starts, the one before still runs on the same database (a rolling restart): a step only adds, and
what it adds to a table may be empty or has a default. What is no longer needed goes with a step of a later version.
"""
