"""What an installer reads over REST."""

from datetime import datetime, timedelta
from typing import Any

from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site

COMMISSIONING = f"/v1/sites/{SITE_ID}/commissioning"
FINDINGS = "/v1/site-findings"


def reading(asset_id: str, moment: datetime, pins_w: dict[str, float], **more: float) -> dict[str, Any]:
    return {
        "siteId": SITE_ID,
        "assetId": asset_id,
        "timestamp": moment.isoformat(),
        "powerValue": sum(pins_w.values()),
        "energyValue": 0.0,
        "pins": {name: {"powerValue": power_w} for name, power_w in pins_w.items()},
        **more,
    }


async def test_each_asset_says_what_it_sends_and_each_pin_where_it_hangs(service: ServiceCase) -> None:
    """A single-phase car charges on and off through pin1; the meter shows it on L2, and the document says L1."""
    now = service.clock.now()
    sent = []
    for minute in range(10):
        moment = now - timedelta(minutes=9 - minute)
        power_w = 3_680.0 if minute % 2 else 0.0
        sent.append(reading("pole_1", moment, {"pin1": power_w}))
        sent.append(reading("main", moment, {"L1": 900.0, "L2": 400.0 + power_w, "L3": 0.0}))
    sent.append(reading("heat-pump", now, {"L1": 2_000.0}))
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        assert (await http.post("/v1/measurements/batch", json=sent)).status_code == 200
        found = (await http.get(COMMISSIONING)).json()
    assets = {one["name"]: one for one in found["assets"]}
    assert list(assets) == ["pole_1", "fast_1", "roof", "battery", "main", "heat-pump"]
    assert {name: one["role"] for name, one in assets.items()}["heat-pump"] == "unknown"
    assert (assets["roof"]["last"], assets["roof"]["must_send"]) == (None, True)
    assert assets["main"]["interval_s"] == 60.0
    assert assets["pole_1"]["last"] == {
        "measured_at": now.isoformat().replace("+00:00", "Z"),
        "power_w": 3_680.0,
        "charge_percent": None,
        "pins": ["pin1"],
    }
    (pin,) = assets["pole_1"]["phases"]
    assert (pin["pin"], pin["expected"], pin["reacting"], pin["verdict"]) == ("pin1", "L1", "L2", "differs")
    assert pin["moves_count"] == 9


async def test_a_document_is_judged_as_it_is_typed_and_not_stored(sqlite_service: ServiceCase) -> None:
    site = example_site()
    site["configurations"]["site_configuration"]["device_list"][0]["line_current"] = "32 A"
    site["configurations"]["site_configuration"]["device_list"][1]["collector"] = "nowhere"
    async with sqlite_service.caller() as http:
        judged = (await http.post(FINDINGS, json=site)).json()
        nothing = (await http.post(FINDINGS, json={})).json()
        stored = (await http.get("/v1/sites")).json()
    paths = [one["path"] for one in judged["findings"] if one["severity"] == "ERROR"]
    devices = "$.configurations.site_configuration.device_list"
    assert paths == [f"{devices}[0].line_current", f"{devices}[1].collector"]
    assert [judged["is_plannable"], nothing["is_plannable"], stored["data"]] == [False, False, []]
