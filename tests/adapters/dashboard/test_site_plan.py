"""The last day and the plan of a site, in a browser."""

from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import PHONE, DemoService

PLAN = "/sites/demo-hub/plan"
# What the drawing says of the axis of the phases.
PHASES_AXIS = (
    "() => getElement(document.querySelector('.kw-chart').id.slice(1)).chart.getOption()"
    ".yAxis[2].name.includes('board_a')"
)


def test_pointer_slider_and_board_are_followed_and_nothing_is_fetched_from_elsewhere(
    page: Page, dashboard: DemoService
) -> None:
    hosts = set[str]()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(dashboard.url + PLAN)
    title, canvas = page.locator("#kw-step"), page.locator("canvas").first
    present = title.inner_text()
    canvas.wait_for()
    canvas.hover(position={"x": 500, "y": 150})
    expect(title).not_to_have_text(present)
    pointed = title.inner_text()
    slider = page.get_by_role("slider", name="Quarter-hour")
    slider.focus()
    page.keyboard.press("End")
    expect(title).not_to_have_text(pointed)
    slider.fill("96")  # a day of quarter-hours lies before the present one
    expect(title).to_have_text(present)
    expect(page.locator(".kw-reason", has_text="battery")).to_be_visible()
    expect(page.locator(".kw-tile", has_text="Saving")).to_contain_text("€")
    page.get_by_label("Phases of").select_option("board_a")
    page.wait_for_function(PHASES_AXIS)
    assert hosts == {dashboard.service.url.removeprefix("http://")}


def test_on_a_phone_a_finger_on_the_charts_shows_the_quarter_hour_in_sight(
    page: Page, dashboard: DemoService
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(dashboard.url + PLAN)
    title, canvas = page.locator("#kw-step"), page.locator("canvas").first
    present = title.inner_text()
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    # A chart may lay a second canvas over its first for what is under a finger.
    canvas.click(position={"x": 300, "y": 120}, force=True)
    expect(title).not_to_have_text(present)
    expect(title).to_be_in_viewport()
    expect(page.locator(".kw-reason").first).to_be_in_viewport()
