"""The view of cars: what each has and will have, and decisions about them."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.adapters.dashboard.browser import DemoService, new_context, sign_in

PATH = "/sites/demo-hub/sessions"


@pytest.fixture
def cars(page: Page, dashboard: DemoService) -> Page:
    """The view, open."""
    page.goto(dashboard.url + PATH)
    page.get_by_role("heading", level=1).wait_for()
    return page


def test_a_card_says_what_a_car_has_when_it_leaves_and_whether_it_will_be_ready(cars: Page) -> None:
    # It comes at 16:26 on the demo's first day: until then its pole is reserved for it.
    card = cars.get_by_role("article", name="pole_a2").filter(has_text=re.compile(r"of 27\.5.kWh"))
    expect(card).to_contain_text("Leaves")
    expect(card).to_contain_text("told")
    expect(card).to_contain_text(re.compile("Will be ready|Will lack"))
    expect(card.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile(r"of 27\.5.kWh"))


def test_a_car_is_told_to_charge_now_and_the_record_says_who_decided_it(cars: Page) -> None:
    card = cars.get_by_role("article", name="pole_b3").first
    card.get_by_role("button", name="Change pole_b3").click()
    dialog = cars.get_by_role("dialog", name="Change pole_b3")
    dialog.get_by_label("Charge now").check()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).not_to_be_visible()
    expect(card).to_contain_text("Charges now, decided by operate at")
    record = cars.get_by_role("region", name="Decisions")
    expect(record.get_by_role("row").nth(1)).to_contain_text("operate")

    card.get_by_role("button", name="Change pole_b3").click()
    dialog.get_by_label("As the car told").check()
    dialog.get_by_role("button", name="Apply").click()
    expect(card).not_to_contain_text("decided by")
    expect(record.get_by_role("row").nth(1)).to_contain_text("As the car told")


def test_a_departure_in_the_past_is_refused_with_the_next_step(cars: Page) -> None:
    cars.get_by_role("button", name="Change pole_a2").first.click()
    dialog = cars.get_by_role("dialog", name="Change pole_a2")
    dialog.get_by_label("Leave at").check()
    dialog.get_by_role("textbox", name="Departure").fill("2020-01-01T08:00")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_have_text("The departure must lie ahead, within a month.")
    cars.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_who_may_only_look_finds_nothing_to_change(browser: Browser, dashboard: DemoService) -> None:
    context = new_context(browser)
    page = context.new_page()
    sign_in(page, dashboard, user="see", path=PATH)
    expect(page.get_by_role("article", name="pole_a2").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Change"))).to_have_count(0)
    context.close()
