"""All sites in a list, in a browser."""

from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import OTHER_SITES_COUNT, DemoService


def test_sites_are_found_sorted_turned_and_opened_and_their_figures_come_in_behind(
    page: Page, dashboard: DemoService
) -> None:
    page.goto(dashboard.url + "/")
    rows = page.locator("tbody tr:visible")
    expect(rows).to_have_count(25)
    expect(rows.first).to_contain_text("Demo charging hub")
    # Other tests add sites of their own: only these are counted.
    page.get_by_label("Search sites").fill("depot")
    expect(page.get_by_text(f"1–25 of {OTHER_SITES_COUNT}")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text(f"26–{OTHER_SITES_COUNT} of")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("button", name="Site").click()
    expect(rows.first).to_contain_text("Depot 01")
    page.get_by_role("button", name="Site").click()
    expect(rows.first).to_contain_text(f"Depot {OTHER_SITES_COUNT:02d}")
    page.get_by_label("Search sites").fill("charging")
    expect(rows).to_have_count(1)
    row = rows.first
    expect(row.locator(".kw-col-cost")).to_contain_text("€")
    expect(row.locator(".kw-col-peak")).to_contain_text("kW")
    page.get_by_role("link", name="Demo charging hub").click()
    expect(page).to_have_url(dashboard.url + "/sites/demo-hub")
