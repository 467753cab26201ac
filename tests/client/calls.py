"""One call of every function of the client, on the objects of `tests/adapters/http/objects.py`.

A new route needs its function in `kwartier.client` and its line here; the tests fail without.
"""

from collections.abc import Mapping
from typing import Any

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.client import Call, Listing, identity, operation, sites

SITE = EXAMPLE_SITE | {"site_id": "brussels-hub"}


def every_call(ids: Mapping[str, str]) -> list[Call[Any]]:
    """The calls, each to be made by itself while the objects with these ids are there."""
    site_id = ids["site_id"]
    return [
        operation.health(),
        operation.readiness(),
        operation.metrics(),
        identity.log_in("CLIENT_ID", "CLIENT_SECRET"),
        first(sites.list_all()),
        sites.create(SITE),
        sites.read(site_id),
        sites.replace(site_id, SITE | {"site_id": site_id}),
        sites.patch(site_id, {"name": "Renamed"}),
        sites.delete(site_id),
        first(sites.history(site_id)),
    ]


def first(listing: Listing[Any]) -> Call[Any]:
    """The call for the first page."""
    return listing.page(None)
