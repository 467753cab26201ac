"""The guided editor: findings at their fields, templates, JSON in and out, and what is saved."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.adapters.dashboard.browser import DemoService


@pytest.fixture
def editor(page: Page, dashboard: DemoService) -> Page:
    """The editor for a new site, with the template that it begins with."""
    page.goto(dashboard.url + "/")
    page.get_by_role("link", name="New site").click()
    expect(page.get_by_text("Nothing keeps this site from being planned.")).to_be_visible()
    return page


def entry(page: Page, name: str) -> Locator:
    """The entry of a board or device."""
    summary = page.locator("summary strong", has_text=re.compile(f"^{name}$"))
    return page.locator("details.kw-entry").filter(has=summary)


def test_what_is_wrong_stands_at_its_field_as_one_types_and_goes_when_it_is_mended(editor: Page) -> None:
    pole = entry(editor, "pole_3")
    pole.locator("summary").click()
    rating = pole.get_by_label("Rating per pin, A")
    rating.fill("a lot")
    expect(pole.get_by_text('must be a whole number, and is "a lot"')).to_be_visible()
    expect(rating).to_have_attribute("aria-invalid", "true")
    expect(editor.get_by_text("One error keeps this site from being planned.")).to_be_visible()
    rating.fill("16")
    expect(editor.get_by_text("Nothing keeps this site from being planned.")).to_be_visible()
    expect(rating).to_have_attribute("aria-invalid", "false")


def test_a_finding_leads_to_its_field(editor: Page) -> None:
    editor.get_by_label("Country (two letters)").fill("Belgium, I think")
    finding = editor.get_by_role("button", name="country")
    finding.click()
    expect(editor.get_by_label("Country (two letters)")).to_be_focused()


def test_a_template_draws_its_tree_and_a_board_can_be_hung_elsewhere(editor: Page) -> None:
    editor.get_by_label("Start from a template").select_option("Factory")
    tree = editor.get_by_role("region", name="Electrical tree")
    expect(tree.locator("ul ul > li")).to_have_count(2)
    yard = entry(editor, "yard")
    yard.locator("summary").click()
    yard.get_by_label("Hangs below").select_option("car_park")
    expect(tree.locator("ul ul ul > li")).to_have_count(1)


def test_a_known_price_card_fills_the_contract_in(editor: Page) -> None:
    editor.get_by_label("Fill in from a known price card").select_option("Engie Dynamic (Flanders), 2026-04")
    expect(editor.get_by_label("Offtake: times the market price")).to_have_value("1.039")


def test_an_operator_brings_its_own_regions_and_connections(editor: Page) -> None:
    editor.get_by_role("combobox", name=re.compile("^Operator")).select_option("Sibelga")
    expect(editor.get_by_role("combobox", name=re.compile("^Region"))).to_have_value("All")
    types = editor.get_by_role("combobox", name=re.compile("^Kind of connection"))
    expect(types.get_by_role("option", name="MT (amounts not known)", exact=True)).to_be_attached()
    expect(types.get_by_role("option", name="BT", exact=True)).to_be_attached()


def test_a_document_comes_in_as_json_and_is_kept(editor: Page, dashboard: DemoService) -> None:
    editor.get_by_text("The document as JSON").click()
    text = editor.get_by_role("textbox", name="The document as JSON")
    document = json.loads(text.input_value())
    text.fill(json.dumps(document | {"site_id": "brought", "name": "Brought along"}))
    editor.get_by_role("button", name="Take over").click()
    expect(editor.get_by_label("Id", exact=True)).to_have_value("brought")
    editor.get_by_role("button", name="Save").click()
    editor.wait_for_url(f"{dashboard.url}/sites/brought/setup")
    expect(editor.get_by_label("Id", exact=True)).to_have_attribute("readonly", "")
    editor.get_by_label("Name", exact=True).first.fill("Kept")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_text("Saved.")).to_be_visible()
    editor.reload()
    expect(editor.get_by_label("Name", exact=True).first).to_have_value("Kept")


def test_what_is_no_json_is_said_and_changes_nothing(editor: Page) -> None:
    editor.get_by_text("The document as JSON").click()
    editor.get_by_role("textbox", name="The document as JSON").fill("{ not json")
    editor.get_by_role("button", name="Take over").click()
    expect(editor.locator(".kw-json").get_by_role("alert")).not_to_be_empty()
    expect(editor.get_by_label("Id", exact=True)).to_have_value("office")


def test_the_document_goes_out_as_a_file(editor: Page) -> None:
    editor.get_by_text("The document as JSON").click()
    with editor.expect_download() as download:
        editor.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "office.json"
