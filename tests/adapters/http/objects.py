"""One object of every kind that a path can name: what a partner owns, and ids that nobody has.

A new path parameter needs its line in `UNKNOWN` and its object in `own_objects`; the isolation matrix fails without.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import httpx

from kwartier.adapters.http.sites.example import EXAMPLE_SITE

# Ids of the right shape that nothing has.
UNKNOWN = {"site_id": "no-such-site"}


def naming(example: Any, ids: Mapping[str, str]) -> Any:
    """The example of a body, with the partner's own objects in place of those that it names."""
    if isinstance(example, list):
        return [naming(item, ids) for item in example]
    if isinstance(example, dict) and "siteId" in example:
        return {**example, "siteId": ids["site_id"]}
    return example


async def own_objects(http: httpx.AsyncClient, canary: str) -> dict[str, str]:
    """Make one object of each kind, with the canary in every text that it has; its id by path parameter."""
    site = deepcopy(EXAMPLE_SITE) | {"site_id": f"site-of-{canary}", "name": canary}
    answer = await http.post("/v1/sites", json=site)
    assert answer.status_code == 201, answer.text
    return {"site_id": site["site_id"]}
