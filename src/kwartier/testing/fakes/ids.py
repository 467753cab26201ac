"""Ids in the order of counting."""

from itertools import count


class FakeIds:
    """Implements `kwartier.service.ports.Ids`; the same ids in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        """`id0000000001` and so on."""
        return f"id{next(self._numbers):010d}"

    def new_secret(self) -> str:
        """Something long, and different each time."""
        return f"secret-{next(self._numbers):036d}"
