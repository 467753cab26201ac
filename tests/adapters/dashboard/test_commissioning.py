"""The view that an installer checks a site with."""

from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import DemoService


def test_each_asset_says_when_it_was_heard_and_what_it_sends(page: Page, dashboard: DemoService) -> None:
    page.goto(dashboard.url + "/sites/demo-hub/commissioning")
    table = page.get_by_role("region", name="Who sends what").get_by_role("table")
    battery = table.get_by_role("row", name="battery")
    expect(battery).to_contain_text("charge")
    # At no hour of the demo's first day has it a car.
    expect(table.get_by_role("row", name="pole_b4")).to_contain_text("Not needed now")
    expect(page.get_by_role("heading", name="Which phase reacts")).to_be_visible()
