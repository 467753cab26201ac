"""GET /v1/sites/{site_id}/forecasts."""

import numpy as np
from fastapi import APIRouter, Response

from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.forecasts.documents import (
    ForecastDocument,
    ForecastFinding,
    ForecastsDocument,
    PredictedSessionDocument,
)
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import PROBLEM_BY_OUTCOME, refusal
from kwartier.adapters.http.sites.routes import SiteId
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.forecasts import SeriesOutlook
from kwartier.service.plan_assembly.sessions import PredictedSession
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_forecasts import SiteForecasts, read_forecasts

ACCESS: AccessTable = {("GET", "/v1/sites/{site_id}/forecasts"): Access.READ}
router = APIRouter(tags=["forecasts"])


@router.get(
    "/v1/sites/{site_id}/forecasts",
    summary="Read the forecasts that a plan would use now",
    response_model=ForecastsDocument,
    responses=answers(UnknownSite, NotPlannable),
)
def read(caller: CallerOf, ports: PortsOf, site_id: SiteId) -> Response:
    """The forecast of each series over the site's planning horizon, and of its cars, each with its source."""
    outcome = read_forecasts(caller, site_id, ports=ports)
    match outcome:
        case SiteForecasts():
            return json_response(_document(outcome).model_dump(mode="json"))
        case NotPlannable(findings):
            raise refused_for(PROBLEM_BY_OUTCOME[NotPlannable], findings)
        case UnknownSite():
            raise refusal(outcome)


def _document(found: SiteForecasts) -> ForecastsDocument:
    return ForecastsDocument(
        at=found.at,
        forecasts={name: _forecast(outlook) for name, outlook in found.outlooks.items()},
        sessions=[_session(one) for one in found.sessions if one.forecast is not None],
        expected_cars_count=round(sum(one.weight for one in found.expected), 2),
    )


def _forecast(outlook: SeriesOutlook) -> ForecastDocument:
    power = outlook.power
    return ForecastDocument(
        forecast=outlook.forecast,
        quality=power.quality,
        mean_w=np.round(power.mean_w, 1).tolist(),
        p10_w=np.round(power.level_w(0.1), 1).tolist(),
        p90_w=np.round(power.level_w(0.9), 1).tolist(),
        source=outlook.source,
        findings=[ForecastFinding(rule=one.rule, message=one.message) for one in power.findings],
    )


def _session(one: PredictedSession) -> PredictedSessionDocument:
    told = one.transaction
    return PredictedSessionDocument(
        asset_id=told.asset_id,
        transaction_id=told.transaction_id,
        departure_time=told.departure_time,
        requested_energy=told.requested_energy,
        source=(one.note or "").partition(": ")[2],
    )
