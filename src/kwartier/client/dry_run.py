"""Trying a site out."""

from kwartier.adapters.http.dry_run.documents import DryRunDocument, DryRunKept
from kwartier.client.call import Call, document_of, json_of, sending

OF_SITE = "/v1/sites/{site_id}/dry-run"


def put(site_id: str, *, dry_run: bool) -> Call[DryRunKept]:
    """The setting: in a dry run there are plans and events, and devices are told nothing."""
    document = DryRunDocument(dry_run=dry_run)
    return Call(
        "PUT", OF_SITE, read=document_of(DryRunKept), ids={"site_id": site_id}, **sending(json_of(document))
    )


def read(site_id: str) -> Call[DryRunKept]:
    """The setting as it was made last."""
    return Call("GET", OF_SITE, read=document_of(DryRunKept), ids={"site_id": site_id})
