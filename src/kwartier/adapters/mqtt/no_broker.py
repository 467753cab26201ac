"""The fault of a client that needs a broker and finds none."""


class NoBroker(Exception):
    """No connection to the broker, and why."""
