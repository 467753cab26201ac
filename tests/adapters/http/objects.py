"""One object of every kind that a path can name: what a partner owns, and ids that nobody has.

A new path parameter needs its line in `UNKNOWN` and its object in `own_objects`; the isolation matrix fails without.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import httpx

from kwartier.adapters.http.prices.documents import EXAMPLE_PRICES
from kwartier.adapters.http.sites.example import EXAMPLE_SITE

# Ids of the right shape that nothing has.
UNKNOWN = {"site_id": "no-such-site", "plan_id": "0" * 32, "bidding_zone": "NOBODYS_ZONE"}

# Names that belong to nobody: every partner may keep objects of its own under them.
SHARED = {"bidding_zone"}


def naming(example: Any, ids: Mapping[str, str]) -> Any:
    """The example of a body, with the partner's own objects in place of those that it names."""
    if isinstance(example, list):
        return [naming(item, ids) for item in example]
    if isinstance(example, dict) and "siteId" in example:
        return {**example, "siteId": ids["site_id"]}
    return example


async def own_objects(http: httpx.AsyncClient, canary: str) -> dict[str, str]:
    """Make one object of each kind, with the canary in every text that it has; its id by path parameter."""
    zone = f"Z_{canary.upper().replace('-', '_')}"[:16]
    site = deepcopy(EXAMPLE_SITE) | {"site_id": f"site-of-{canary}", "name": canary}
    site["configurations"]["contract"]["bidding_zone"] = zone
    answer = await http.post("/v1/sites", json=site)
    assert answer.status_code == 201, answer.text
    prices = await http.put(f"/v1/prices/{zone}", json=EXAMPLE_PRICES | {"source": canary})
    assert prices.status_code == 200, prices.text
    for minute in (0, 15):
        reading = {
            "siteId": site["site_id"],
            "assetId": "main",
            "timestamp": f"2026-03-02T06:{minute:02}:00Z",
            "energyValue": 1_000 + 100 * minute,
            "powerValue": 6_000,
        }
        measured = await http.post("/v1/measurements", json=reading)
        assert measured.is_success, measured.text
    plan = await http.post(f"/v1/sites/{site['site_id']}/plans")
    assert plan.status_code in (200, 201), plan.text
    return {"site_id": site["site_id"], "plan_id": plan.json()["plan_id"], "bidding_zone": zone}
