"""A hash that takes no time."""

import hashlib


class FakeSecretHasher:
    """Implements `kwartier.service.ports.SecretHasher`; counts its work, so that a test sees who was made to wait."""

    def __init__(self) -> None:
        self.comparison_count = 0

    @property
    def no_secret(self) -> str:
        """A hash that no secret matches."""
        return "none"

    def hashed(self, secret: str) -> str:
        """A plain hash."""
        return hashlib.sha256(secret.encode()).hexdigest()

    def is_match(self, secret: str, secret_hash: str) -> bool:
        """Whether the hash was made of this secret."""
        self.comparison_count += 1
        return self.hashed(secret) == secret_hash
