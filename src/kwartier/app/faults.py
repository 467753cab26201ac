"""What keeps the service from starting."""


class UnusableSettings(Exception):
    """Settings with which the service does not start; the message says which, where they come from, and what to do."""
