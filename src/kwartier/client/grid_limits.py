"""What the grid operator allows a site."""

from collections.abc import Mapping
from typing import Any

from kwartier.adapters.http.grid_limits.documents import GridLimitsDocument, GridLimitsKept
from kwartier.client.call import Call, document_of, json_of, sending

OF_SITE = "/v1/sites/{site_id}/grid-limits"


def put(site_id: str, limits: GridLimitsDocument | Mapping[str, Any]) -> Call[GridLimitsKept]:
    """The limits in force with the next command; they replace those before, W or A per phase."""
    return Call(
        "PUT",
        OF_SITE,
        read=document_of(GridLimitsKept),
        ids={"site_id": site_id},
        **sending(json_of(limits)),
    )


def heartbeat(site_id: str) -> Call[GridLimitsKept]:
    """The grid operator is there; with a failsafe value, say so at least every 120 s."""
    return Call("POST", f"{OF_SITE}/heartbeat", read=document_of(GridLimitsKept), ids={"site_id": site_id})


def read(site_id: str) -> Call[GridLimitsKept]:
    """The limits as they were set last."""
    return Call("GET", OF_SITE, read=document_of(GridLimitsKept), ids={"site_id": site_id})
