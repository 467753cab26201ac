"""What a login gives."""

from typing import Literal

from pydantic import Field

from kwartier.units.wire import WireModel


class AccessTokenDocument(WireModel):
    """A token, for `Authorization: Bearer` in every other call."""

    access_token: str
    type: Literal["bearer"] = "bearer"
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind of token, no token
    expires_in: int = Field(description="Seconds until a new login is needed.")
