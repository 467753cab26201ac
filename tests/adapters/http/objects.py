"""One object of every kind that a partner can own, and ids that nobody has.

A new path parameter needs its line in `UNKNOWN` and its object in `own_objects`; the isolation matrix fails without.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from kwartier.adapters.http.prices.documents import EXAMPLE_PRICES
from kwartier.adapters.http.sessions.documents import EXAMPLE_OVERRIDE
from kwartier.adapters.http.sites.example import EXAMPLE_SITE

# Ids of the right shape that nothing has.
UNKNOWN = {
    "site_id": "no-such-site",
    "plan_id": "0" * 32,
    "webhook_id": "nosuchwebhook",
    "bidding_zone": "NOBODYS_ZONE",
}
# Names that belong to nobody: every partner may keep objects of its own under them.
SHARED = {"bidding_zone"}
# Where the clock of the tests stands (kwartier.testing.fakes.clock).
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Brussels"))


def naming(example: Any, ids: Mapping[str, str]) -> Any:
    """The example of a body, with the partner's own objects in place of those that it names."""
    if isinstance(example, list):
        return [naming(item, ids) for item in example]
    if isinstance(example, dict) and "siteId" in example:
        return {**example, "siteId": ids["site_id"]}
    return example


async def own_objects(
    http: httpx.AsyncClient, canary: str, *, site_id: str | None = None, bidding_zone: str | None = None
) -> dict[str, str]:
    """Make one object of each kind, with the canary in every text that it has; its id by path parameter."""
    site_id = site_id or f"site-of-{canary}"
    zone = bidding_zone or f"Z_{canary.upper().replace('-', '_')}"[:16]
    await _sent(http, "POST", "/v1/sites", _site(site_id, canary, zone))
    await _sent(http, "PUT", f"/v1/prices/{zone}", prices(canary))
    await _sent(http, "POST", "/v1/measurements/batch", measurements(site_id))
    # The same reading with another value is kept as a correction.
    await _sent(http, "POST", "/v1/measurements", _measurement(site_id, "main", NOW, 14_000.5))
    await _sent(http, "POST", "/v1/transactions", _transaction(site_id, canary))
    overridden = _transaction(site_id, canary) | {
        "assetId": EXAMPLE_OVERRIDE["asset_id"],
        "transactionId": EXAMPLE_OVERRIDE["transaction_id"],
    }
    await _sent(http, "POST", "/v1/transactions", overridden)
    await _sent(http, "POST", f"/v1/sites/{site_id}/session-overrides", EXAMPLE_OVERRIDE)
    await _sent(http, "PUT", f"/v1/sites/{site_id}/grid-limits", {"limits": []})
    await _sent(http, "PUT", f"/v1/sites/{site_id}/dry-run", {"dry_run": False})
    # Its address is one that nobody has, and nothing is sent there in these tests.
    webhook = await _sent(http, "POST", "/v1/webhooks", {"url": f"https://{canary}.example.com/"})
    plan = await _sent(http, "POST", f"/v1/sites/{site_id}/plans", None)
    return {
        "site_id": site_id,
        "plan_id": plan["plan_id"],
        "bidding_zone": zone,
        "webhook_id": webhook["webhook_id"],
    }


async def _sent(http: httpx.AsyncClient, method: str, path: str, document: Any) -> Any:
    answer = await http.request(method, path, json=document)
    assert answer.is_success, answer.text
    return answer.json()


def _site(site_id: str, canary: str, zone: str) -> dict[str, Any]:
    """The example with a contract and a grid of which the prices are known, so that there is a bill."""
    site = deepcopy(EXAMPLE_SITE) | {"site_id": site_id, "name": canary}
    site["configurations"]["contract"]["bidding_zone"] = zone
    site["configurations"]["dso"] = {
        "dso": "Fluvius",
        "region": "Antwerpen",
        "connection_type": "Low Voltage Network",
    }
    return site


def prices(canary: str) -> dict[str, Any]:
    """A day of prices from a source of this name."""
    return EXAMPLE_PRICES | {"start": MIDNIGHT.isoformat(), "source": canary}


def measurements(site_id: str) -> list[dict[str, Any]]:
    """An hour of readings of all that must be measured."""
    moments = [NOW - timedelta(minutes=5 * number) for number in range(12, -1, -1)]
    return [
        _measurement(site_id, asset_id, moment, power_w)
        for asset_id, power_w in (("main", 14_000.0), ("roof", -8_000.0), ("battery", 2_000.0))
        for moment in moments
    ]


def _measurement(site_id: str, asset_id: str, moment: datetime, power_w: float) -> dict[str, Any]:
    elapsed_h = (moment - NOW + timedelta(hours=2)).total_seconds() / 3600
    reading = {
        "siteId": site_id,
        "assetId": asset_id,
        "timestamp": moment.isoformat(),
        "energyValue": 1_000_000.0 + abs(power_w) * elapsed_h,
        "powerValue": power_w,
    }
    return reading | ({"currentStateOfCharge": 50.0} if asset_id == "battery" else {})


def _transaction(site_id: str, canary: str) -> dict[str, Any]:
    return {
        "siteId": site_id,
        "assetId": "pole_1",
        "transactionId": canary,
        "timestamp": NOW.isoformat(),
        "transactionState": "Updated",
        "startTime": (NOW - timedelta(hours=1)).isoformat(),
        "departureTime": (NOW + timedelta(hours=9)).isoformat(),
        "requestedEnergy": 20_000.0,
        "idTag": canary,
    }
