"""Why a backup cannot be written or read, by itself: the command line names it without loading a database."""


class UnusableBackup(Exception):
    """A file that is no backup, is damaged or too new, or a database that it must not go into; with the next step."""
