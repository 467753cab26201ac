"""The views, one per file; the tabs of a site stand in the order of this list."""

from kwartier.adapters.dashboard.view import FleetView, SiteView
from kwartier.adapters.dashboard.views import fleet, sessions, site_now, site_plan

FLEET_VIEWS: tuple[FleetView, ...] = (fleet.VIEW,)
SITE_VIEWS: tuple[SiteView, ...] = (site_now.VIEW, site_plan.VIEW, sessions.VIEW)
