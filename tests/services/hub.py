"""A site with measurements, for the tests of what goes in and out over REST."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from kwartier.adapters.http.sites.example import EXAMPLE_SITE

SITE = "brussels-hub"
MEASUREMENTS = f"/v1/sites/{SITE}/measurements"
# A day before the clock of `ServiceCase`, at midnight in Brussels (UTC+1).
MIDNIGHT = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)


async def new_hub(http: httpx.AsyncClient) -> None:
    """The example site."""
    answer = await http.post("/v1/sites", json=EXAMPLE_SITE)
    assert answer.status_code == 201, answer.text


def instant(minutes: float) -> str:
    """So many minutes after MIDNIGHT, as RFC 3339."""
    return (MIDNIGHT + timedelta(minutes=minutes)).isoformat()


def measurement(minutes: float, asset_id: str = "pole_1", **more: Any) -> dict[str, Any]:
    """A pole at 3 kW: its total rises by 50 Wh a minute."""
    return {
        "siteId": SITE,
        "assetId": asset_id,
        "timestamp": instant(minutes),
        "energyValue": 10_000.0 + 50.0 * minutes,
        "powerValue": 3_000.0,
        **more,
    }


async def send(http: httpx.AsyncClient, *rows: dict[str, Any]) -> dict[str, Any]:
    """Send a batch; its answer."""
    answer = await http.post("/v1/measurements/batch", json=list(rows))
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def read_all(http: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """Everything in a span of five days around MIDNIGHT, page by page, unless the query says otherwise."""
    found: list[dict[str, Any]] = []
    asked = {"from": instant(-1440), "to": instant(4 * 1440), "page_size": 100, **query}
    while True:
        page = (await http.get(MEASUREMENTS, params=asked)).json()
        found += page["data"]
        if not page["has_next_page"]:
            return found
        asked["after"] = page["end_cursor"]
