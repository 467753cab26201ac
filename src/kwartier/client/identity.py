"""Logging in. Both clients do so by themselves; whoever calls with another program gets the token here."""

import base64

from kwartier.adapters.http.identity.documents import AccessTokenDocument
from kwartier.client.call import Call, document_of


def log_in(client_id: str, client_secret: str) -> Call[AccessTokenDocument]:
    """A token that is good for `expires_in` seconds."""
    pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    return Call(
        "POST",
        "/v1/identity/client-login",
        read=document_of(AccessTokenDocument),
        content=b"grant_type=client_credentials",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {pair}"},
        needs_token=False,
    )
