"""Mosquitto's password file: a line for each user."""

import base64
import hashlib
from collections.abc import Mapping

# As many rounds as `mosquitto_passwd` 2.0 does. The broker computes them on its only thread at each connection; the
# passwords are 256 random bits, which more rounds would not make harder to guess.
ROUNDS_COUNT = 101
SALT_BYTES = 12
HASH_BYTES = 64


def password_hash(password: str, salt: bytes) -> str:
    """What the file holds of a password: PBKDF2 with SHA-512, as `$7$rounds$salt$hash` with both in base64.

    >>> password_hash("secret", bytes(12))[:25]
    '$7$101$AAAAAAAAAAAAAAAA$G'
    """
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS_COUNT, HASH_BYTES)
    return f"$7${ROUNDS_COUNT}${_base64(salt)}${_base64(derived)}"


def password_file_text(hash_by_username: Mapping[str, str]) -> str:
    """The file's text, by username."""
    return "".join(f"{username}:{hash_by_username[username]}\n" for username in sorted(hash_by_username))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
