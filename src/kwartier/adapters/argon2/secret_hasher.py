"""argon2id (RFC 9106) for client secrets."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

# OWASP Password Storage Cheat Sheet (2025): argon2id with 19 MiB, two passes, one lane. Secrets here have 256 random
# bits, so the hash only has to keep a stolen database from being used at once.
MEMORY_KIB, PASSES_COUNT, LANES_COUNT = 19_456, 2, 1


class Argon2SecretHasher:
    """Hashes and compares; each call takes about 20 ms and 19 MiB."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES_COUNT, memory_cost=MEMORY_KIB, parallelism=LANES_COUNT)
        self._no_secret = self._hasher.hash("no secret has a space")

    @property
    def no_secret(self) -> str:
        """The hash of a text that is never given out as a secret."""
        return self._no_secret

    def hashed(self, secret: str) -> str:
        """A salted hash of the secret."""
        return self._hasher.hash(secret)

    def is_match(self, secret: str, secret_hash: str) -> bool:
        """Whether the hash was made of this secret; compared in constant time."""
        try:
            return self._hasher.verify(secret_hash, secret)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
