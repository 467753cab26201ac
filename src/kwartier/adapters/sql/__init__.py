"""The stores on SQLite and PostgreSQL: the same explicit SQL, the same tests."""
