"""GET /v1/sites/{site_id}/forecasts."""

from typing import Any

from fastapi import APIRouter, Response

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.forecasts.documents import ForecastsDocument
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.forecasts import SeriesOutlook
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_forecasts import SiteForecasts, read_forecasts
from kwartier.units.instant import format_instant

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/forecasts"): Access.READ}
router = APIRouter(tags=["forecasts"])


@router.get(
    "/v1/sites/{site_id}/forecasts",
    summary="Read the forecasts that a plan would use now",
    response_model=ForecastsDocument,
    responses=answers(UnknownSite, NotPlannable),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The forecast of each series over the site's planning horizon, with its source."""
    outcome = read_forecasts(caller, site_id, ports=ports)
    match outcome:
        case SiteForecasts(at, outlooks):
            forecasts = {name: _outlook(outlook) for name, outlook in outlooks.items()}
            return json_response({"at": format_instant(at), "forecasts": forecasts})
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite():
            raise refusal(outcome)


def _outlook(outlook: SeriesOutlook) -> dict[str, Any]:
    forecast = outlook.forecast
    return {
        "forecast": None if forecast is None else forecast.model_dump(mode="json"),
        "source": outlook.note.partition(": ")[2],
    }
