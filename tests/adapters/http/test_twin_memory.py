"""What is remembered of one partner never shows to another (reliability.md, R44: caches, idempotency keys).

Two partners have sites, assets, zones and keys of the same names, and different figures. With the other one's memory
warm, a partner gets to the byte what it gets without the other one.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx

from kwartier.service.quarter_memory import QuarterMemory
from tests.adapters.http.objects import measurements, own_objects, prices
from tests.adapters.http.operations import operations
from tests.adapters.http.test_isolation import takes
from tests.services.described import memory_service

READING = [
    one for one in operations() if one.method == "GET" and one.path.startswith("/v1/") and not one.is_endless
]
KEY = {"Idempotency-Key": "the-same-for-both"}
# What differs between two runs of the same service: ids, and how long the solver and its like took.
OWN_TO_EACH_RUN = re.compile(r'"[a-z_]*_(?:id|ms|cursor)":(?:"[^"]*"|[-0-9.e]+)')


async def live(http: httpx.AsyncClient, power_ratio: float) -> dict[str, str]:
    """Have one object of each kind, with figures of one's own; its ids."""
    ids = await own_objects(http, "twin", site_id="twin", bidding_zone="BE")
    # Days old too: what is remembered of a meter are quarter-hours of more than 26 h ago.
    rows = [
        row
        | {name: row[name] * power_ratio for name in ("powerValue", "energyValue")}
        | {"timestamp": (datetime.fromisoformat(row["timestamp"]) - timedelta(days=days)).isoformat()}
        for days in (0, 2, 3)
        for row in measurements("twin")
    ]
    day = prices("twin")
    day["eur_per_mwh"] = [price * power_ratio for price in day["eur_per_mwh"]]
    answers = [
        await http.post("/v1/measurements/batch", json=rows),
        await http.put("/v1/prices/BE", json=day),
        await http.post("/v1/sites/twin/plans", headers=KEY),
    ]
    assert [answer.is_success for answer in answers] == [True] * len(answers)
    return ids


async def looks(http: httpx.AsyncClient, ids: Mapping[str, str]) -> dict[str, str]:
    """What every operation that reads says."""
    found = {}
    for operation in READING:
        query = {"include": "request"} if takes(operation, "include") else {}
        answer = await http.send(operation.request(http, ids, params=query))
        found[str(operation)] = OWN_TO_EACH_RUN.sub("", answer.text)
    return found


async def test_a_partner_sees_the_same_beside_a_twin_as_alone() -> None:
    alone, shared = memory_service(), memory_service()
    async with alone.caller("Alpha") as alpha:
        expected = await looks(alpha, await live(alpha, 1.0))
    async with shared.caller("Alpha") as alpha, shared.caller("Beta") as beta:
        twin = await live(beta, 0.5)
        # As after a start: the next plan remembers the days that came after the first one.
        object.__setattr__(shared.ports, "quarter_memory", QuarterMemory())
        await beta.post("/v1/sites/twin/plans")
        of_twin = await looks(beta, twin)
        found = await looks(alpha, await live(alpha, 1.0))
    assert len(expected) > 15
    for operation, text in expected.items():
        assert found[operation] == text, operation
    # Without this, a service that shows no figures would pass.
    different = {operation for operation, text in found.items() if of_twin[operation] != text}
    assert {"GET /v1/sites/{site_id}/plans/latest", "GET /v1/sites/{site_id}/money"} <= different
