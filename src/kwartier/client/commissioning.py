"""What an installer asks: what is wrong with a document, and what a site's assets send."""

from collections.abc import Mapping
from typing import Any

from kwartier.adapters.http.commissioning.documents import CommissioningDocument
from kwartier.adapters.http.site_findings.documents import FindingsDocument
from kwartier.client.call import Call, document_of, json_of, sending


def findings(document: Mapping[str, Any]) -> Call[FindingsDocument]:
    """Everything that is wrong with a site document, which is not stored."""
    return Call("POST", "/v1/site-findings", read=document_of(FindingsDocument), **sending(json_of(document)))


def read(site_id: str) -> Call[CommissioningDocument]:
    """What each asset sent last and how often, and on which phase each pin of a pole seems to hang."""
    return Call(
        "GET",
        "/v1/sites/{site_id}/commissioning",
        read=document_of(CommissioningDocument),
        ids={"site_id": site_id},
    )
