"""The port to randomness."""

from typing import Protocol


class Ids(Protocol):
    """New names that nobody has had, and secrets that nobody can guess."""

    def new_id(self) -> str:
        """Twelve lower-case letters and digits, safe in addresses, topics and file names."""
        ...

    def new_secret(self) -> str:
        """A secret of at least 256 random bits, in letters, digits, - and _."""
        ...
