"""The text in a browser's cookie that says whose session it is."""

from hashlib import sha256

from kwartier.service.partner import SEPARATOR

# A partner's id and 256 bits take less; anything longer is none of ours.
LONGEST_TOKEN_LENGTH = 200


def session_token(partner_id: str, secret: str) -> str:
    """The token: the partner's id, so that a session is found without searching through others, and the secret."""
    return partner_id + SEPARATOR + secret


def partner_of_token(token: str) -> str | None:
    """The partner that a token names, known or not; None where it is no token of this form.

    >>> partner_of_token("k7c2m9x4qwer.abc")
    'k7c2m9x4qwer'
    """
    partner_id, separator, secret = token.partition(SEPARATOR)
    is_possible = separator and partner_id and secret and len(token) <= LONGEST_TOKEN_LENGTH
    return partner_id if is_possible and token.isascii() and token.isprintable() else None


def session_hash(token: str) -> str:
    """What the store keeps of a token: SHA-256, which is enough for a secret of 256 random bits."""
    return sha256(token.encode()).hexdigest()
