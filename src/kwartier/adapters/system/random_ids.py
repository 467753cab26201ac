"""Ids and secrets from the machine's source of randomness."""

import secrets

# Without 0, 1, l and o, which people mix up; 32 letters are 5 bits each.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
ID_LENGTH = 12  # 60 bits: among a million ids, one chance in two million that any two are equal
SECRET_BYTES = 32


class RandomIds:
    """Ids of twelve letters and digits, secrets of 256 bits."""

    def new_id(self) -> str:
        """Twelve lower-case letters and digits."""
        return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))

    def new_secret(self) -> str:
        """256 random bits in letters, digits, - and _."""
        return secrets.token_urlsafe(SECRET_BYTES)
