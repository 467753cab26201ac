"""A site now and over time, on a database: what was measured, told and planned."""

from datetime import timedelta

from kwartier.service.caller import Caller, Scope
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.outcomes import UnknownSite
from kwartier.service.partner import partner_of
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.planning_outcomes import UnknownPlan
from kwartier.service.watching.fleet_row import list_fleet
from kwartier.service.watching.planned_past import PlannedPast
from kwartier.service.watching.read_timeline import PAST_QUARTERS_COUNT, read_timeline
from kwartier.service.watching.site_figures import SiteFigures, site_figures
from kwartier.service.watching.site_now import SiteNow
from kwartier.service.watching.site_timeline import SiteTimeline
from kwartier.service.watching.site_watch import SiteWatch
from tests.services.ready_site import ready_site
from tests.services.service_case import ServiceCase
from tests.services.site_data import POWER_W, SITE_ID


def test_a_look_shows_what_each_asset_measured_last_and_the_car(sqlite_service: ServiceCase) -> None:
    caller = ready_site(sqlite_service.ports)
    seen = SiteWatch(caller, SITE_ID, ports=sqlite_service.ports).look()
    assert isinstance(seen, SiteNow)
    devices = {one.name: one for one in seen.devices}
    assert devices["roof"].reading is not None
    assert devices["roof"].reading.power_w == POWER_W["roof"]
    assert devices["battery"].state == "charging"
    assert devices["pole_1"].car is not None
    assert devices["pole_1"].state == "unknown"  # a car stands there, and the pole says nothing
    (root,) = [board for board in seen.boards if board.depth == 0]
    assert root.reading is not None
    assert (seen.rung, seen.planned_at, seen.measured_at) == (None, None, seen.at)


def test_a_site_of_another_partner_is_not_found(sqlite_service: ServiceCase) -> None:
    ready_site(sqlite_service.ports)
    stranger = a_stranger(sqlite_service)
    assert isinstance(SiteWatch(stranger, SITE_ID, ports=sqlite_service.ports).look(), UnknownSite)
    found = read_timeline(stranger, SITE_ID, ports=sqlite_service.ports, past=PlannedPast())
    assert found == UnknownSite()
    assert site_figures(stranger, SITE_ID, ports=sqlite_service.ports) == UnknownSite()
    assert list_fleet(stranger, ports=sqlite_service.ports) == []


def a_stranger(service: ServiceCase) -> Caller:
    client = service.client("Stranger")
    return Caller(partner_of(client.client_id), client.client_id, Scope.READ)


def test_the_timeline_joins_the_measured_day_and_the_plan(sqlite_service: ServiceCase) -> None:
    ports = sqlite_service.ports
    caller = ready_site(ports)
    assert read_timeline(caller, SITE_ID, ports=ports, past=PlannedPast()) == UnknownPlan()
    made = plan_site(caller, SITE_ID, CYCLE_OPTIONS, ports=ports)
    assert isinstance(made, SitePlanned)
    found = read_timeline(caller, SITE_ID, ports=ports, past=PlannedPast())
    assert isinstance(found, SiteTimeline)
    assert found.present_index == PAST_QUARTERS_COUNT
    assert found.starts[1] - found.starts[0] == timedelta(minutes=15)
    roof = next(one for one in found.devices if one.name == "roof")
    assert roof.measured_w[found.present_index - 4] == POWER_W["roof"]
    assert roof.measured_w[found.present_index] is None
    assert roof.planned_w[found.present_index - 4] is None  # no plan was in force an hour ago
    plan = made.record.plan
    assert found.planned_grid_w[found.present_index] == plan.offtake_w[0] - plan.injection_w[0]
    # The contract of the example is a fixed one: 120 EUR/MWh, and what grid and levies add.
    assert min(price for price in found.offtake_eur_per_mwh if price is not None) >= 120.0


def test_what_was_planned_stays_known_when_the_quarter_hour_is_over(sqlite_service: ServiceCase) -> None:
    ports, past = sqlite_service.ports, PlannedPast()
    caller = ready_site(ports)
    made = plan_site(caller, SITE_ID, CYCLE_OPTIONS, ports=ports)
    assert isinstance(made, SitePlanned)
    sqlite_service.clock.advance(3600)
    found = read_timeline(caller, SITE_ID, ports=ports, past=past)
    assert isinstance(found, SiteTimeline)
    plan = made.record.plan
    assert found.planned_grid_w[found.present_index - 4] == plan.offtake_w[0] - plan.injection_w[0]
    assert found.planned_grid_w[found.present_index - 5] is None
    main = next(one for one in found.boards if one.name == "main")
    assert main.planned_a["L1"][found.present_index - 4] == plan.collectors["main"].current_a["L1"][0]


def test_a_row_has_status_and_figures(sqlite_service: ServiceCase) -> None:
    ports = sqlite_service.ports
    caller = ready_site(ports)
    (row,) = list_fleet(caller, ports=ports)
    assert (row.site_id, row.planned_at) == (SITE_ID, None)
    assert isinstance(plan_site(caller, SITE_ID, CYCLE_OPTIONS, ports=ports), SitePlanned)
    (row,) = list_fleet(caller, ports=ports)
    assert row.planned_at == ports.clock.now()
    figures = site_figures(caller, SITE_ID, ports=ports)
    assert isinstance(figures, SiteFigures)
    assert figures.measured_at == ports.clock.now()
    # A steady load: every quarter-hour is the peak.
    assert figures.month_peak_w is not None
    assert abs(figures.month_peak_w - POWER_W["main"]) < 1.0
    assert figures.cost_today_eur is not None
    assert figures.cost_today_eur > 0.0
