"""Which sites are listed, and in which order."""

from datetime import UTC, datetime, timedelta

from kwartier.adapters.dashboard.fleet.order import PAGE_COUNT, Order, ordered
from kwartier.service.watching.fleet_row import FleetRow
from kwartier.service.watching.site_figures import SiteFigures

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = [
    FleetRow("a", "Antwerpen", True, "OK", "optimal", NOW),
    FleetRow("b", "brugge", True, "ERROR", None, None),
    FleetRow("c", "Charleroi", True, "OK", "share", NOW - timedelta(hours=1)),
    FleetRow("d", "Dinant", False, "OK", None, None),
]
FIGURES = {
    "a": SiteFigures(NOW, 12.0, 50_000.0, None),
    "c": SiteFigures(NOW, -3.0, 20_000.0, None),
}


def names(order: Order) -> list[str]:
    return [row.site_id for row in ordered(ROWS, order, FIGURES.get)]


def test_what_needs_attention_comes_first_and_what_is_not_active_last() -> None:
    assert names(Order()) == ["b", "c", "a", "d"]


def test_names_are_sorted_and_found_without_regard_to_their_letters_case() -> None:
    assert names(Order().by("name")) == ["a", "b", "c", "d"]
    assert names(Order().by("name").searched("  BRU")) == ["b"]


def test_the_same_column_again_turns_the_order_and_what_is_unknown_stays_last() -> None:
    by_cost = Order().by("cost")
    assert names(by_cost) == ["c", "a", "b", "d"]
    assert names(by_cost.by("cost")) == ["a", "c", "b", "d"]
    assert names(Order().by("planned").by("planned")) == ["a", "c", "b", "d"]


def test_pages_end_at_the_last_site_and_a_change_begins_at_the_first() -> None:
    order = Order().turned(1, PAGE_COUNT + 1)
    assert order.page_index == 1
    assert order.turned(1, PAGE_COUNT + 1).page_index == 1
    assert order.turned(-5, PAGE_COUNT + 1).page_index == 0
    assert order.searched("x").page_index == 0
    assert Order().turned(1, PAGE_COUNT).page_index == 0
