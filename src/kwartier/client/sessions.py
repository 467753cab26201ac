"""Charging sessions as a site manager sees them, and what is decided about them."""

from collections.abc import Mapping
from typing import Any

from kwartier.adapters.http.sessions.documents import (
    OverrideDocument,
    OverrideKept,
    OverridePage,
    SessionsDocument,
)
from kwartier.client.call import Call, Listing, document_of, json_of, sending

SESSIONS = "/v1/sites/{site_id}/sessions"
OVERRIDES = "/v1/sites/{site_id}/session-overrides"


def read(site_id: str) -> Call[SessionsDocument]:
    """The sessions of a site: running ones with what they are planned to get, and those of the last 24 h."""
    return Call("GET", SESSIONS, read=document_of(SessionsDocument), ids={"site_id": site_id})


def override(site_id: str, decision: OverrideDocument | Mapping[str, Any]) -> Call[OverrideKept]:
    """Decide about a session in place of its car; Wh, a departure with an offset."""
    return Call(
        "POST",
        OVERRIDES,
        read=document_of(OverrideKept),
        ids={"site_id": site_id},
        **sending(json_of(decision)),
    )


def overrides(site_id: str, *, page_size: int = 100) -> Listing[OverrideKept]:
    """What was decided about a site's sessions, newest first."""
    return Listing(
        lambda after: Call(
            "GET",
            OVERRIDES,
            read=document_of(OverridePage),
            ids={"site_id": site_id},
            query={"after": after, "page_size": page_size},
        )
    )
