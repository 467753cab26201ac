"""The view of money: bill, savings, peaks, other tariffs."""

import re

from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import DemoService


def test_the_month_is_billed_line_by_line_so_far_and_to_its_end(page: Page, dashboard: DemoService) -> None:
    page.goto(dashboard.url + "/sites/demo-hub/money")
    bill = page.get_by_role("region", name="Bill by line").get_by_role("table")
    total = bill.get_by_role("row", name=re.compile("^Total"))
    so_far_eur, to_end_eur = (_euros(text) for text in total.locator("td.kw-number").all_inner_texts())
    assert 0 < so_far_eur <= to_end_eur
    expect(page.get_by_text("This month so far").locator("..")).to_contain_text(f"{so_far_eur:,.2f}")
    expect(bill.get_by_role("row", name=re.compile("^Capacity"))).to_be_visible()
    expect(page.locator(".kw-day-most")).to_have_count(1)
    expect(page.get_by_role("region", name="What control saves")).to_contain_text("Charging on arrival")


def test_other_tariffs_are_compared_on_the_sites_own_data_cheapest_first(
    page: Page, dashboard: DemoService
) -> None:
    page.goto(dashboard.url + "/sites/demo-hub/money")
    page.get_by_role("button", name="Compare").click()
    own = page.get_by_role("row", name=re.compile("^As it is now"))
    expect(own).to_be_visible()
    rows = own.locator("..").get_by_role("row")
    totals_eur = [_euros(text) for text in rows.locator("td:nth-child(3)").all_inner_texts()]
    assert totals_eur == sorted(totals_eur)
    assert len(totals_eur) > 10


def _euros(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text.replace("\N{MINUS SIGN}", "-")))
