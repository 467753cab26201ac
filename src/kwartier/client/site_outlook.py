"""What a site is up to: setpoints, forecasts, its validation status, its bill."""

from datetime import datetime

from kwartier.adapters.http.bills.documents import BillDocument
from kwartier.adapters.http.forecasts.documents import ForecastsDocument
from kwartier.adapters.http.setpoints.documents import SetpointsDocument
from kwartier.adapters.http.validation.documents import ValidationStatusDocument
from kwartier.client.call import Call, document_of
from kwartier.units.instant import format_instant

ONE = "/v1/sites/{site_id}"


def setpoints(site_id: str) -> Call[SetpointsDocument]:
    """What the devices should do now; ask again before the first `valid_until`."""
    return Call("GET", f"{ONE}/setpoints", read=document_of(SetpointsDocument), ids={"site_id": site_id})


def forecasts(site_id: str) -> Call[ForecastsDocument]:
    """The forecasts that a plan would use now, W."""
    return Call("GET", f"{ONE}/forecasts", read=document_of(ForecastsDocument), ids={"site_id": site_id})


def validation_status(site_id: str) -> Call[ValidationStatusDocument]:
    """What is right and wrong with the site now, and since when."""
    return Call(
        "GET",
        f"{ONE}/validation-status",
        read=document_of(ValidationStatusDocument),
        ids={"site_id": site_id},
    )


def bill(
    site_id: str, *, month: str | None = None, collector: str | None = None, known_at: datetime | None = None
) -> Call[BillDocument]:
    """The bill of a month (`2026-03`, else the running one), EUR; where there are several roots, name a collector.

    With `known_at` it is the bill as it was then, with the correction that later readings propose.
    """
    return Call(
        "GET",
        f"{ONE}/bill",
        read=document_of(BillDocument),
        ids={"site_id": site_id},
        query={"month": month, "collector": collector, "known_at": _moment(known_at)},
    )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else format_instant(at)
