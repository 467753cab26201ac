"""What the monitoring reads about plans, rungs and prices."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import generate_latest

from kwartier.adapters.system.fast_clock import FastClock
from kwartier.app.control_loop import ControlLoop
from kwartier.app.planning_figures import CountingPlanner, PlanningFigures
from kwartier.app.quarter_hourly import quarter_hourly_jobs
from kwartier.planning.problem import InvalidRequest
from kwartier.planning.request import PlanRequest
from kwartier.service.dispatching.live_readings import LiveReadings
from kwartier.service.forget_old import RetentionPeriods
from kwartier.service.price_standing import PriceStanding, price_standing
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.testing.contracts.examples import a_draft
from kwartier.testing.fakes.planner import FakePlanner
from kwartier.testing.hub_requests import hub_request
from tests.app.test_planning_cycle import wait_until
from tests.service.test_plan_in_turn import ALPHA, a_service, clock_of
from tests.services.site_data import example_site


def lines(figures: PlanningFigures) -> list[str]:
    return generate_latest(figures.registry).decode().splitlines()


def test_plans_are_counted_by_outcome_with_how_long_they_took() -> None:
    figures, fake = PlanningFigures(), FakePlanner()
    planner = CountingPlanner(fake, figures)
    request = PlanRequest.model_validate(hub_request(2))
    planner.plan(request)
    planner.plan(request)
    fake.is_busy = True
    planner.plan(request)
    fake.is_busy = False
    with pytest.raises(InvalidRequest):
        planner.plan(request.model_copy(update={"day_ahead": None}))
    read = lines(figures)
    for outcome, number in (("optimal", 2.0), ("busy", 1.0), ("refused", 1.0)):
        assert f'kwartier_plans_total{{outcome="{outcome}"}} {number}' in read
    assert "kwartier_plan_duration_seconds_count 4.0" in read


def test_sites_are_counted_by_the_rung_on_which_they_stand() -> None:
    figures, ports = PlanningFigures(), a_service("a", "b")
    clock = FastClock(ports.clock.now(), 100.0)
    clock.begin()
    ports = replace(ports, clock=clock)
    loop = ControlLoop(ports, LiveReadings(ports.clock), lambda _: None, figures)
    loop.start()
    wait_until(lambda: 'kwartier_sites_on_rung{rung="floor"} 2.0' in lines(figures))
    loop.close()


def test_the_age_of_prices_is_that_of_the_zone_that_was_heard_last_the_longest_ago() -> None:
    ports = a_service()
    assert price_standing(ports=ports) == PriceStanding(0.0, 0)
    draft = a_draft(ALPHA, "hall")
    assert ports.sites.create(replace(draft, document=example_site(active=True, site_id="hall"))) is not None
    assert price_standing(ports=ports).lacking_count == 1
    now = ports.clock.now()
    today = now.astimezone(ZoneInfo("Europe/Brussels")).date()
    ports.prices.keep(
        "alpha", [PriceDay("BE", today, "PT15M", (50.0,) * 96, now - timedelta(hours=18), "exchange")]
    )
    clock_of(ports).advance(3600.0)
    figures = PlanningFigures()
    periods = RetentionPeriods(timedelta(days=800), timedelta(days=400))
    quarter_hourly_jobs(ports, [], periods, figures)["prices"]()
    assert "kwartier_prices_age_seconds 68400.0" in lines(figures)  # 19 h
    assert "kwartier_prices_lacking 0.0" in lines(figures)
