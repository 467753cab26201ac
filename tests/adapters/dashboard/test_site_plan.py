"""The last day and the plan of a site, in a browser."""

from playwright.sync_api import Page, expect

from tests.adapters.dashboard.browser import DemoService

PLAN = "/sites/demo-hub/plan"


def test_pointer_and_slider_read_a_quarter_hour_with_its_reasons(page: Page, dashboard: DemoService) -> None:
    page.goto(dashboard.url + PLAN)
    title = page.locator("#kw-step")
    present = title.inner_text()
    canvas = page.locator("canvas").first
    canvas.wait_for()
    canvas.hover(position={"x": 500, "y": 150})
    expect(title).not_to_have_text(present)
    slider = page.get_by_role("slider", name="Quarter-hour")
    slider.fill("96")
    expect(title).to_have_text(present)
    expect(page.locator(".kw-reason", has_text="battery")).to_be_visible()


def test_another_boards_phases_are_shown(page: Page, dashboard: DemoService) -> None:
    page.goto(dashboard.url + PLAN)
    page.locator("canvas").first.wait_for()
    page.get_by_label("Phases of").select_option("board_a")
    expect(page.get_by_label("Phases of")).to_have_value("board_a")
    page.wait_for_function(
        "() => JSON.stringify(getElement(document.querySelector('.kw-chart').id.slice(1)).chart"
        ".getOption().yAxis[2].name).includes('board_a')"
    )


def test_the_plans_cost_stands_beside_what_it_saves(page: Page, dashboard: DemoService) -> None:
    page.goto(dashboard.url + PLAN)
    money = dashboard.demo.plan.money, dashboard.demo.plan.uncontrolled_money
    saving = page.locator(".kw-tile", has_text="Saving")
    expect(saving).to_contain_text("€")
    assert money[0].total < money[1].total
