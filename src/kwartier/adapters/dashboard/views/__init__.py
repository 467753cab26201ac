"""The views, one per file; the tabs of a site stand in the order of this list."""

from kwartier.adapters.dashboard.view import FleetView, SiteView
from kwartier.adapters.dashboard.views import (
    commissioning,
    fleet,
    money,
    new_site,
    sessions,
    setup,
    site_now,
    site_plan,
)

FLEET_VIEWS: tuple[FleetView, ...] = (fleet.VIEW, new_site.VIEW)
SITE_VIEWS: tuple[SiteView, ...] = (
    site_now.VIEW,
    site_plan.VIEW,
    sessions.VIEW,
    money.VIEW,
    setup.VIEW,
    commissioning.VIEW,
)
