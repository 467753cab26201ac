"""The bill of a site's connection, from what its meter sent."""

from dataclasses import replace
from datetime import datetime

from kwartier.service.bill_correction import BillAsKnown, corrected
from kwartier.service.caller import Caller
from kwartier.service.money.connection_meter import (
    ConnectionMeter,
    NotBillable,
    connection_meter,
    day_ahead_of_month,
)
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.site.document import Site
from kwartier.tariffs import Bill, BillFacts, CannotBill, DayAheadPrices, LocalMonth, MeterSeries, bill

NET_TOPIC = "net energy"
NET_WARNING = (
    "offtake and injection are those of each quarter-hour's net energy, as the meter sends one running total"
)


def bill_site_as_known(
    caller: Caller,
    site_id: str,
    month: LocalMonth | None,
    collector: str | None,
    known_at: datetime,
    *,
    ports: Ports,
) -> BillAsKnown | UnknownSite | NotPlannable | NotBillable:
    """The bill as it was at a moment, which stays as it is, with what later readings and prices would correct in it."""
    made = bill_site(caller, site_id, month, collector, known_at=known_at, ports=ports)
    now = bill_site(caller, site_id, month, collector, ports=ports)
    if not isinstance(made, Bill):
        return made
    return corrected(made, now) if isinstance(now, Bill) else now


def bill_site(
    caller: Caller,
    site_id: str,
    month: LocalMonth | None,
    collector: str | None,
    *,
    known_at: datetime | None = None,
    ports: Ports,
) -> Bill | UnknownSite | NotPlannable | NotBillable:
    """The bill of a month, None: the running one; of one root collector, None: the only one.

    Quarter-hours come from the measurements of the root's own meter, earlier months of it are the peak history, and the
    running month's bill is provisional. A quarter-hour that is not known whole counts as not measured.
    """
    connection = connection_meter(caller, site_id, month, collector, known_at=known_at, ports=ports)
    if not isinstance(connection, ConnectionMeter):
        return connection
    zone = connection.bidding_zone
    day_ahead = None if zone is None else day_ahead_of_month(connection, zone, ports=ports)
    return bill_of(connection.site, connection.meter, connection.month, day_ahead)


def bill_of(
    site: Site,
    meter: MeterSeries,
    month: LocalMonth,
    day_ahead: DayAheadPrices | None,
    facts: BillFacts | None = None,
) -> Bill | NotBillable:
    """The bill of quarter-hours, with what a net meter leaves unsaid; NotBillable where something would be left out."""
    try:
        made = bill(site, meter, month, day_ahead=day_ahead, facts=facts)
    except CannotBill as refused:
        return NotBillable(tuple(refused.findings))
    return replace(made, warning_by_topic={**made.warning_by_topic, NET_TOPIC: NET_WARNING})
