"""Why a program does not touch a database, by itself: the command line names it without loading a database."""


class NewerSchema(Exception):
    """The database has a schema that this program does not know; nothing was changed. With the next step."""
