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
    # P2D; readings of 26 h say 8 kW at every time of the day, also at night.
    assert roof["forecast"]["power_w"] == pytest.approx([-8_000.0] * 2 * 96)
    assert [roof[name] for name in ("mean_w", "p10_w", "p90_w")] == [pytest.approx([-8_000.0] * 192)] * 3
    assert roof["quality"] == "degraded"
    assert {one["rule"] for one in roof["findings"]} == {"forecast.history_short", "forecast.pv_at_night"}
    assert roof["source"].startswith(
        "time-of-day profile of the own output, which does not fit the sun over the site; degraded, so planned on P90: "
    )


async def test_without_measurements_there_is_a_default_and_it_says_so(service: ServiceCase) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        answer = (await http.get(FORECASTS)).json()
    roof = answer["forecasts"]["roof"]
    assert roof["source"].startswith("clear sky at the rating: nothing is known of the series")
    assert [one["rule"] for one in roof["findings"]] == ["forecast.history_absent"]
    assert min(roof["forecast"]["power_w"]) < 0.0
    assert (answer["sessions"], answer["expected_cars_count"]) == ([], 0.0)


async def test_a_car_that_says_nothing_is_predicted(service: ServiceCase) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        started = "2026-03-02T06:45:00Z"
        message = {
            "site_id": SITE_ID,
            "assetId": "pole_1",
            "transactionId": "7",
            "timestamp": started,
            "transactionState": "Started",
            "startTime": started,
        }
        await http.post("/v1/transactions", json=message)
        (session,) = (await http.get(FORECASTS)).json()["sessions"]
    assert (session["asset_id"], session["transaction_id"]) == ("pole_1", "7")
    # The default session (docs/forecasting.md): P10 of the stay is 1.2 h, P90 of the energy 16.7 kWh.
    assert (session["departure_time"], session["requested_energy"]) == ("2026-03-02T07:57:00Z", 16_700.0)
    assert session["source"].endswith("default session: none of the site is known")
