"""The port to a password hash."""

from typing import Protocol


class SecretHasher(Protocol):
    """Turns secrets into what may be stored. Both calls are slow on purpose: never on an event loop."""

    def hashed(self, secret: str) -> str:
        """A salted hash of the secret."""
        ...

    def is_match(self, secret: str, secret_hash: str) -> bool:
        """Whether the hash was made of this secret."""
        ...

    @property
    def no_secret(self) -> str:
        """A hash that no secret matches, and that takes as long to compare: so that nobody can tell which ids exist."""
        ...
