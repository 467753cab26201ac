"""What happens at a site now, in a browser."""

import re
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import DemoService

NOW = "/sites/demo-hub"


def send(dashboard: DemoService, **measurement: Any) -> None:
    """A measurement of now, as a meter of the site sends it."""
    demo, url = dashboard.demo, dashboard.service.url
    login = httpx.post(
        f"{url}/v1/identity/client-login",
        auth=(demo.client_id, demo.client_secret),
        data={"grant_type": "client_credentials"},
    )
    body = {"site_id": demo.site_id, "timestamp": dashboard.clock.now().isoformat(), "energyValue": 2e6}
    answer = httpx.post(
        f"{url}/v1/measurements",
        headers={"Authorization": f"Bearer {login.json()['access_token']}"},
        json=body | measurement,
    )
    assert answer.is_success, answer.text


def phases(power_w: float, current_a: float) -> dict[str, Any]:
    return {
        phase: {
            "currentValue": current_a,
            "powerValue": power_w / 3,
            "energyValue": 0.0,
            "voltageValue": 230.0,
        }
        for phase in ("L1", "L2", "L3")
    }


def test_a_measurement_is_shown_on_the_open_page_with_its_phases_against_their_limit(
    page: Page, dashboard: DemoService
) -> None:
    page.goto(dashboard.url + NOW)
    card = page.get_by_role("article", name="building")
    expect(card).to_be_visible()
    send(dashboard, assetId="building", powerValue=33_300.0, pins=phases(33_300.0, 48.3))
    expect(card).to_contain_text("33.3")
    expect(card).to_contain_text("L1 48")
    phase = page.get_by_role("meter", name="grid_connection L2", exact=True)
    send(dashboard, assetId="grid_connection", powerValue=27_600.0, pins=phases(27_600.0, 40.0))
    expect(phase).to_have_attribute("aria-valuetext", "40\u202fA of 160\u202fA")
    expect(phase).to_have_attribute("aria-valuenow", "25")
    expect(page.get_by_role("region", name="This quarter-hour")).to_contain_text("On course for")
    battery = page.get_by_role("article", name="battery")
    # What the plan says of a battery begins with one of three verbs (planning/battery_reasons.py).
    expect(battery.locator(".kw-why")).to_have_text(re.compile("^(Charges|Discharges|Rests|Waits)"))
    expect(battery.locator(".kw-told")).to_contain_text("until")
