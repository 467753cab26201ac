"""GET /v1/sites/{site_id}/bill, on both databases."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site, measured

BILL = f"/v1/sites/{SITE_ID}/bill"
FIXED = {
    "contract_type": "fixed",
    "fixed_offtake_cost_per_mwh": 120.0,
    "fixed_injection_cost_per_mwh": 40.0,
}


async def measured_site(service: ServiceCase, http: httpx.AsyncClient, contract: Any, **power: float) -> None:
    """A site whose grid meter shows a steady power for the 24 h up to now (2 March 2026, 08:00 in Brussels)."""
    site = example_site()
    site["configurations"]["contract"] = contract
    made = (await http.post("/v1/sites", json=site)).json()
    measured(service.ports, made["partner_id"], SITE_ID, service.clock.now(), hours=24, power_w=power)


async def test_the_running_months_bill_is_provisional_and_of_what_was_measured(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, FIXED, main=14_000.0)
        bill = (await http.get(BILL)).json()
    assert bill.keys() == {
        "lines",
        "total_excl_vat_eur",
        "vat_eur",
        "total_eur",
        "provisional",
        "warnings",
    }
    assert bill["provisional"] is True
    # From midnight of 1 March, 23:00 UTC on 28 February: readings begin at 07:00 UTC on 1 March, 24 h of 14 kW.
    quantity_kwh = 24 * 14.0
    [offtake] = [line for line in bill["lines"] if line["unit_price_eur"] == 0.12]
    assert offtake["quantity"] == pytest.approx(quantity_kwh)
    assert offtake["amount_eur"] == pytest.approx(round(quantity_kwh * 0.12, 2))


async def test_a_month_can_be_asked_for(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, FIXED, main=14_000.0)
        assert (await http.get(BILL, params={"month": "2026-03"})).content == (await http.get(BILL)).content
        before = await http.get(BILL, params={"month": "2025-12"})
    assert (before.status_code, before.json()["code"]) == (409, "not_billable")


async def test_a_dynamic_contract_takes_known_prices_and_never_estimates(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, {"contract_type": "dynamic"}, main=14_000.0)
        without = await http.get(BILL)
        assert (without.status_code, without.json()["code"]) == (409, "not_billable")
        flat = {"start": "2026-03-01T00:00:00+01:00", "eur_per_mwh": [100.0] * 192}
        assert (await http.put("/v1/prices/BE", json=flat)).status_code == 200
        bill = (await http.get(BILL)).json()
    energy = [line for line in bill["lines"] if line["quantity"] == pytest.approx(24 * 14.0)]
    assert pytest.approx(24 * 14.0 * 0.1) in [line["amount_eur"] for line in energy]


async def test_injection_is_paid_to_the_site(service: ServiceCase) -> None:
    async with service.caller() as http:
        await measured_site(service, http, FIXED, main=-10_000.0)
        bill = (await http.get(BILL)).json()
    paid = [line["amount_eur"] for line in bill["lines"] if line["amount_eur"] < 0]
    assert paid == [pytest.approx(-24 * 10.0 * 0.04)]


async def test_a_site_of_which_nothing_was_measured_has_no_bill(service: ServiceCase) -> None:
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
        answer = await http.get(BILL)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_billable")
    assert isinstance(answer.json()["detail"], list)


async def test_each_root_is_a_connection_of_its_own(service: ServiceCase) -> None:
    site = example_site()
    site["configurations"]["contract"] = FIXED
    site["configurations"]["site_configuration"]["collector_list"].append(
        {"name": "second", "line_current": 63, "line_voltage": 400}
    )
    async with service.caller() as http:
        made = (await http.post("/v1/sites", json=site)).json()
        measured(service.ports, made["partner_id"], SITE_ID, service.clock.now(), power_w={"second": 1e3})
        assert (await http.get(BILL)).status_code == 409
        assert (await http.get(BILL, params={"collector": "second"})).status_code == 200
        assert (await http.get(BILL, params={"collector": "third"})).status_code == 409


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-3", "march", "1969-01", "9999-12", "2026-03 "])
async def test_what_is_no_month_is_refused(sqlite_service: ServiceCase, month: str) -> None:
    async with sqlite_service.caller() as http:
        assert (await http.get(BILL, params={"month": month})).status_code == 422


async def test_a_bill_that_was_made_stays_and_late_readings_propose_a_correction(
    service: ServiceCase,
) -> None:
    # reliability.md, R06: ninety days late, past a bill that was made.
    async with service.caller() as http:
        await measured_site(service, http, FIXED, main=14_000.0)
        made_at = service.clock.now()
        made = (await http.get(BILL)).json()
        service.clock.advance(90 * 86_400.0)
        asked = {"month": "2026-03", "known_at": made_at.isoformat()}
        token = service.token(service.client())
        async with service.http(token) as later:
            same = (await later.get(BILL, params=asked)).json()
            measured(
                service.ports,
                service.partner_ids["Alpha"],
                SITE_ID,
                made_at - timedelta(hours=24, minutes=5),
                hours=11 / 12,
                power_w={"main": 14_000.0},
                now=service.clock.now(),
            )
            corrected = (await later.get(BILL, params=asked)).json()
            now = (await later.get(BILL, params={"month": "2026-03"})).json()
    nothing = {"lines": [], "total_excl_vat_eur": 0.0, "vat_eur": 0.0, "total_eur": 0.0}
    assert same.pop("correction") == nothing
    correction = corrected.pop("correction")
    assert corrected == same
    assert {**corrected, "provisional": True} == {**made, "provisional": True}
    added = {line["component"]: line for line in correction["lines"]}
    # An hour of 14 kW more, at 0.12 EUR/kWh.
    assert 1.68 in [line["amount_eur"] for line in added.values()]
    assert correction["total_eur"] == pytest.approx(now["total_eur"] - made["total_eur"])
