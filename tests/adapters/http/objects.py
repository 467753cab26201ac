"""One object of every kind that a path can name: what a partner owns, and ids that nobody has.

A new path parameter needs its line in `UNKNOWN` and its object in `own_objects`; the isolation matrix fails without.
"""

from copy import deepcopy

import httpx

from kwartier.adapters.http.sites.example import EXAMPLE_SITE

# Ids of the right shape that nothing has.
UNKNOWN = {"site_id": "no-such-site"}


async def own_objects(http: httpx.AsyncClient, canary: str) -> dict[str, str]:
    """Make one object of each kind, with the canary in every text that it has; its id by path parameter."""
    site = deepcopy(EXAMPLE_SITE) | {"site_id": f"site-of-{canary}", "name": canary}
    answer = await http.post("/v1/sites", json=site)
    assert answer.status_code == 201, answer.text
    return {"site_id": site["site_id"]}
