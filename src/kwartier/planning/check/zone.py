"""The time zones in which a site's months and tariff hours, and a battery's schedules, are counted."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.request import PlanRequest
from kwartier.site.timezone import site_timezone


def zone_of(request: PlanRequest) -> ZoneInfo:
    """The request's `timezone`, else that of its site. Raises UnusableRequestError for an unknown one."""
    try:
        return site_timezone(request.site, request.timezone)
    except ValueError as error:
        raise UnusableRequestError(str(error)) from error


def named_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UnusableRequestError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnusableRequestError(f"time zone {name!r} is unknown") from error
