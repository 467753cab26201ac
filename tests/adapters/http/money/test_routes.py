"""The money of a site over REST."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site, measured

MONEY = f"/v1/sites/{SITE_ID}/money"
COMPARISON = f"/v1/sites/{SITE_ID}/tariff-comparison"
DSO = {"dso": "Fluvius", "region": "Antwerpen", "connection_type": "Low Voltage Network"}
FIXED = {
    "contract_type": "fixed",
    "fixed_offtake_cost_per_mwh": 120.0,
    "fixed_injection_cost_per_mwh": 40.0,
}


async def measured_site(
    service: ServiceCase, http: httpx.AsyncClient, contract: Mapping[str, Any] = FIXED, **power_w: float
) -> str:
    """A site whose grid meter shows a steady power since the month began; 2 March 2026, 08:00 in Brussels."""
    site = example_site()
    site["configurations"] |= {"contract": contract, "dso": DSO}
    partner_id: str = (await http.post("/v1/sites", json=site)).json()["partner_id"]
    measured(service.ports, partner_id, SITE_ID, service.clock.now(), hours=32, power_w=power_w)
    return partner_id


async def test_the_month_to_its_end_goes_on_as_it_began(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, main=14_000.0)
        money = (await http.get(MONEY)).json()
    # 31 days of 24 h, less the hour that the clocks skip on the 29th.
    assert energy_kwh(money["forecast"]["bill"]) == pytest.approx(743 * 14.0)
    assert energy_kwh(money["bill"]) == pytest.approx(32 * 14.0)
    assert money["forecast"]["repeated_count"] == (743 - 32) * 4
    assert [one["power_w"] for one in money["peaks"]] == [pytest.approx(14_000.0)] * 2
    assert [one["day"] for one in money["peaks"]] == ["2026-03-01", "2026-03-02"]


def energy_kwh(bill: dict[str, Any]) -> float:
    (offtake,) = (line["quantity"] for line in bill["lines"] if line["unit_price_eur"] == 0.12)
    return float(offtake)


async def test_savings_compare_with_the_same_car_charging_on_arrival(service: ServiceCase) -> None:
    """It came at 01:00 and was charged from 06:00 to 08:00 with 6 kW; on arrival it takes 22.2 kW, at a dearer hour.

    The meter shows 4 kW without it, so that the peak would have been 26.2 kW instead of 10 kW.
    """
    now = service.clock.now()
    async with service.caller() as http:
        partner_id = await measured_site(service, http, {"contract_type": "dynamic"}, house=4_000.0)
        car = {
            "siteId": SITE_ID,
            "assetId": "pole_1",
            "transactionId": "7",
            "timestamp": now.isoformat(),
            "transactionState": "Updated",
            "startTime": (now - timedelta(hours=7)).isoformat(),
        }
        assert (await http.post("/v1/transactions", json=car)).status_code == 200
        measured(service.ports, partner_id, SITE_ID, now, hours=2, power_w={"pole_1": 6_000.0})
        prices = {
            "start": "2026-03-01T00:00:00+01:00",
            "eur_per_mwh": [50.0] * 96 + [250.0] * 8 + [50.0] * 88,
        }
        assert (await http.put("/v1/prices/BE", json=prices)).status_code == 200
        early = now - timedelta(hours=2)
        measured(
            service.ports,
            partner_id,
            SITE_ID,
            early - timedelta(minutes=5),
            hours=29,
            power_w={"main": 4_000.0},
        )
        readings = [reading(early + timedelta(minutes=5 * step), step) for step in range(25)]
        assert (await http.post("/v1/measurements/batch", json=readings)).status_code == 200
        money = (await http.get(MONEY)).json()
    savings = money["savings"]
    assert savings["session_count"] == 1
    assert savings["actual_peak_w"] == pytest.approx(10_000.0)
    # 32 A x 400 V x sqrt(3), and the 4 kW.
    assert savings["uncontrolled_peak_w"] == pytest.approx(22_170.25 + 4_000.0)
    # 12 kWh at 250 instead of 50 EUR/MWh. The maximum tariff hides the peak in a month of little energy.
    assert savings["saved_eur"] == pytest.approx(12 * 0.2, abs=0.02)


def reading(moment: Any, step: int) -> dict[str, Any]:
    """The grid's meter while the car charges: 10 kW, its total going on from 29 h of 4 kW."""
    return {
        "siteId": SITE_ID,
        "assetId": "main",
        "timestamp": moment.isoformat(),
        "powerValue": 10_000.0,
        "energyValue": 1_000_000.0 + 29 * 4_000.0 + 4_000.0 / 12.0 + 10_000.0 / 12.0 * step,
    }


async def test_a_month_is_billed_under_known_contracts_and_other_connections(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, main=14_000.0)
        flat = {"start": "2026-03-01T00:00:00+01:00", "eur_per_mwh": [100.0] * 192}
        assert (await http.put("/v1/prices/BE", json=flat)).status_code == 200
        found = (await http.get(COMPARISON)).json()
        bill = (await http.get(f"/v1/sites/{SITE_ID}/bill")).json()
    assert found["own"]["total_eur"] == bill["total_eur"]
    totals = {one["name"]: one["total_eur"] for one in found["alternatives"]}
    # 448 kWh at 1.039 x 100 + 8.702 EUR/MWh instead of 120; Fluvius' business bills carry 21 % VAT.
    dearer_eur = 0.448 * (1.039 * 100.0 + 8.702 - 120.0) * 1.21
    assert totals["Engie Dynamic (Flanders)"] == pytest.approx(bill["total_eur"] + dearer_eur, abs=0.02)
    assert "Low Voltage Transformer Cabin" in totals
    assert "Low Voltage Network" not in totals


async def test_what_cannot_be_billed_says_why(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await measured_site(sqlite_service, http, main=14_000.0)
        found = (await http.get(COMPARISON)).json()
        nothing = await http.get(COMPARISON, params={"month": "2025-12"})
    contracts = [one for one in found["alternatives"] if one["kind"] == "contract"]
    assert contracts
    assert all(one["total_eur"] is None and one["why_not"] for one in contracts)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "not_billable")
