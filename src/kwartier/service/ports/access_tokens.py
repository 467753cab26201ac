"""The port to signed tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kwartier.service.caller import Scope


@dataclass(frozen=True)
class TokenClaims:
    """What a token says: which client, with what scope, until when."""

    client_id: str
    scope: Scope
    issued_at: datetime
    expires_at: datetime


class AccessTokens(Protocol):
    """Signs claims and reads them back."""

    def signed(self, claims: TokenClaims) -> str:
        """The claims as a token that only this service can make."""
        ...

    def read(self, token: str) -> TokenClaims | None:
        """What a token says, expired or not; None where this service did not make it."""
        ...
