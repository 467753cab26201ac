"""JSON Web Tokens, signed with HMAC-SHA-256 (RFC 7518, section 3.2)."""

from datetime import UTC, datetime

import jwt
from jwt.types import Options

from kwartier.service.caller import SCOPE_BY_WORD
from kwartier.service.ports.access_tokens import TokenClaims

ALGORITHM = "HS256"
ISSUER = "kwartier"
# The clock is the service's affair: it judges `expires_at` with its own.
OPTIONS: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "require": ["iss", "sub", "iat", "exp", "scope"],
}
LONGEST_TOKEN_LENGTH = 2_000


class JwtAccessTokens:
    """Signs and reads with one key, which must have 32 bytes or more (RFC 7518, section 3.2)."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def signed(self, claims: TokenClaims) -> str:
        """The claims as a token."""
        body = {
            "iss": ISSUER,
            "sub": claims.client_id,
            "scope": claims.scope.word,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        return jwt.encode(body, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> TokenClaims | None:
        """What a token says, expired or not; None for anything that this key has not signed."""
        if len(token) > LONGEST_TOKEN_LENGTH:
            return None
        try:
            body = jwt.decode(token, self._key, algorithms=[ALGORITHM], issuer=ISSUER, options=OPTIONS)
            return TokenClaims(
                client_id=str(body["sub"]),
                scope=SCOPE_BY_WORD[body["scope"]],
                issued_at=datetime.fromtimestamp(body["iat"], UTC),
                expires_at=datetime.fromtimestamp(body["exp"], UTC),
            )
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError):
            return None
