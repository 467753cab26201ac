"""Sites: their documents and their history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from kwartier.adapters.http.sites.documents import SitePage, SiteRevisionDocument, SiteRevisionPage
from kwartier.client.call import Call, Listing, document_of, json_of, nothing, sending
from kwartier.site.document import Site, SiteCreateDTO, SiteUpdateDTO

ALL, ONE = "/v1/sites", "/v1/sites/{site_id}"


@dataclass(frozen=True)
class StoredSite:
    """A site as the service has it. Pass `etag` with a change that must meet this very revision."""

    site: Site
    etag: str


def list_all(*, page_size: int = 100) -> Listing[Site]:
    """Every site of the partner, by id."""
    return Listing(
        lambda after: Call(
            "GET", ALL, read=document_of(SitePage), query={"after": after, "page_size": page_size}
        )
    )


def create(document: SiteCreateDTO | Mapping[str, Any]) -> Call[StoredSite]:
    """The new site. A document with errors is stored; what is wrong stands in its validation status."""
    return Call("POST", ALL, read=_stored, is_repeatable=False, **sending(json_of(document)))


def read(site_id: str) -> Call[StoredSite]:
    """A site with its validation status."""
    return Call("GET", ONE, read=_stored, ids={"site_id": site_id})


def replace(
    site_id: str, document: SiteUpdateDTO | Mapping[str, Any], *, etag: str | None = None
) -> Call[StoredSite]:
    """The site with a new document; with `etag` only if it is still that revision, else ProblemAnswer 412."""
    return _changed("PUT", site_id, sending(json_of(document)), etag)


def patch(site_id: str, changes: Mapping[str, Any], *, etag: str | None = None) -> Call[StoredSite]:
    """The site with a JSON Merge Patch applied: null removes a field, a list is replaced whole."""
    return _changed("PATCH", site_id, sending(json_of(changes), "application/merge-patch+json"), etag)


def delete(site_id: str, *, etag: str | None = None) -> Call[None]:
    """Take the site away; its history stays."""
    return Call(
        "DELETE",
        ONE,
        read=nothing,
        ids={"site_id": site_id},
        headers=_if_match(etag),
        is_repeatable=False,
    )


def history(site_id: str, *, page_size: int = 100) -> Listing[SiteRevisionDocument]:
    """Every document that the site had, newest first, with who changed it and when."""
    return Listing(
        lambda after: Call(
            "GET",
            f"{ONE}/history",
            read=document_of(SiteRevisionPage),
            ids={"site_id": site_id},
            query={"after": after, "page_size": page_size},
        )
    )


def _changed(method: str, site_id: str, body: dict[str, Any], etag: str | None) -> Call[StoredSite]:
    # A second time, a change that asks for a revision finds the one that it has made itself.
    return Call(
        method,
        ONE,
        read=_stored,
        ids={"site_id": site_id},
        content=body["content"],
        headers={**body["headers"], **_if_match(etag)},
        is_repeatable=etag is None,
    )


def _if_match(etag: str | None) -> dict[str, str]:
    return {} if etag is None else {"If-Match": etag}


def _stored(answer: httpx.Response) -> StoredSite:
    return StoredSite(document_of(Site)(answer), answer.headers["etag"])
