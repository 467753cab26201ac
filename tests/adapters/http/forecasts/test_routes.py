"""GET /v1/sites/{site_id}/forecasts, on both databases."""

import pytest

from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site, measured

FORECASTS = f"/v1/sites/{SITE_ID}/forecasts"


async def test_a_series_is_forecast_from_what_it_did(service: ServiceCase) -> None:
    async with service.caller() as http:
        site = (await http.post("/v1/sites", json=example_site())).json()
        measured(service.ports, site["partner_id"], SITE_ID, service.clock.now())
        answer = (await http.get(FORECASTS)).json()
    assert answer["at"] == "2026-03-02T07:00:00Z"
    roof = answer["forecasts"]["roof"]
    assert roof["forecast"]["start"] == "2026-03-02T07:00:00Z"
    assert len(roof["forecast"]["power_w"]) == 2 * 96  # P2D
    assert roof["forecast"]["power_w"] == pytest.approx([-8_000.0] * 192)
    # Readings of 26 h, the last one now: 104 quarter-hours are known whole.
    assert (
        roof["source"]
        == "forecast as the mean of the last 7 days at the same time, of 104 known quarter-hours"
    )


async def test_without_measurements_there_is_none_and_it_says_so(service: ServiceCase) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        roof = (await http.get(FORECASTS)).json()["forecasts"]["roof"]
    assert roof == {"forecast": None, "source": "nothing measured in the last 7 days to forecast from"}
