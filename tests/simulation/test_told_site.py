"""What a site is simulated from: the demo's own request, a foreign site, and cars from a seed."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kwartier.demo import demo_request_json
from kwartier.planning.request import PlanRequest, SeriesForecast
from kwartier.simulation.arrivals import seeded_cars
from kwartier.simulation.power_series import told_power_w
from kwartier.simulation.simulated_site import first_state
from kwartier.simulation.site_step import site_step
from kwartier.simulation.told_site import told_site
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree

BRUSSELS = ZoneInfo("Europe/Brussels")
DEMO = PlanRequest.model_validate_json(demo_request_json())
CONFIGURATION = SiteConfiguration.model_validate(
    json.loads(demo_request_json())["site"]["configurations"]["site_configuration"]
)
GRID = electrical_tree(CONFIGURATION).boards["grid_connection"]


def test_the_demos_cars_come_at_their_clock_time_on_another_day() -> None:
    # On a day of winter; the data are of a day of summer time, whose first car came at 20:51:26 the evening before.
    site = told_site(DEMO.site, CONFIGURATION, DEMO, datetime(2026, 3, 6, 6, tzinfo=UTC), seed=0)
    first = next(one for one in site.cars_at(datetime(2026, 3, 6, tzinfo=UTC)))
    assert first.transaction_id == DEMO.transactions[0].transaction_id
    assert first.arrival == datetime(2026, 3, 5, 20, 51, 26, tzinfo=BRUSSELS)


def test_a_step_of_the_demo_says_one_thing_of_every_device_and_board() -> None:
    now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    site = told_site(DEMO.site, CONFIGURATION, DEMO, now, seed=0)
    step = site_step(site, first_state(site, now), datetime(2026, 3, 6, 12, 1, tzinfo=UTC), {})
    names = [one.asset_id for one in step.measurements]
    assert len(names) == len(set(names)) == len(CONFIGURATION.device_list) + len(site.tree.boards)
    again = site_step(site, first_state(site, now), datetime(2026, 3, 6, 12, 1, tzinfo=UTC), {})
    assert again == step


def test_a_series_repeats_its_whole_days_by_the_clock() -> None:
    start = datetime(2025, 10, 3, tzinfo=BRUSSELS)
    told = SeriesForecast.model_validate({"start": start, "power_w": [*range(96), None]})
    power_w = told_power_w(told, GRID, BRUSSELS)
    # The fifth quarter-hour of a day, half a year and a change of the clocks later; a third on each phase.
    assert power_w(datetime(2026, 5, 1, 1, 5, tzinfo=BRUSSELS)) == pytest.approx(
        dict.fromkeys(GRID.phases, 4 / 3)
    )


def test_less_than_a_day_is_no_series() -> None:
    told = SeriesForecast.model_validate({"start": datetime(2025, 10, 3, tzinfo=UTC), "power_w": [1.0] * 95})
    with pytest.raises(ValueError, match="a day or more"):
        told_power_w(told, GRID, BRUSSELS)


def test_a_seed_says_which_cars_come() -> None:
    days = [date(2026, 3, 6)]
    first, again, other = (list(seeded_cars(["a", "b"], days, BRUSSELS, seed=seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert all(one.arrival < one.departure for one in first)
