"""Read what a site's connection costs this month: so far, to its end, against charging on arrival, and its peaks."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.service.bill_site import bill_of
from kwartier.service.caller import Caller
from kwartier.service.money.coming_quarters import ComingQuarters, coming_quarters, planned_root_wh
from kwartier.service.money.connection_meter import (
    CompletedPrices,
    ConnectionMeter,
    NotBillable,
    completed_day_ahead,
    connection_meter,
)
from kwartier.service.money.daily_peaks import DailyPeak, daily_peaks
from kwartier.service.money.month_savings import MonthSavings, month_savings
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.site.timezone import country_code
from kwartier.tariffs import Bill, DayAheadPrices, LocalMonth
from kwartier.units.quarter_hour import QUARTER_S, epoch_s


@dataclass(frozen=True)
class MonthForecast:
    """The bill of the whole month as it is likely to be, and how many quarter-hours of it have how been made up."""

    bill: Bill
    planned_count: int
    repeated_count: int
    unknown_count: int


@dataclass(frozen=True)
class MoneyOutlook:
    """One connection in the running month. `forecast` and `savings` are None where they could not be billed.

    Of `estimated_day_count` days up to now the day-ahead prices never came, and are those of like days.
    """

    at: datetime
    month: LocalMonth
    collector: str
    bill: Bill
    estimated_day_count: int
    forecast: MonthForecast | None
    savings: MonthSavings | None
    peaks: tuple[DailyPeak, ...]


def read_money(
    caller: Caller, site_id: str, collector: str | None, *, ports: Ports
) -> MoneyOutlook | UnknownSite | NotPlannable | NotBillable:
    """The running month of one root collector, None: of the only one."""
    connection = connection_meter(caller, site_id, None, collector, ports=ports)
    if not isinstance(connection, ConnectionMeter):
        return connection
    completed = _prices(connection, ports)
    day_ahead = None if completed is None else completed.day_ahead
    billed = bill_of(connection.site, connection.meter, connection.month, day_ahead)
    if not isinstance(billed, Bill):
        return billed
    return MoneyOutlook(
        at=connection.now,
        month=connection.month,
        collector=connection.root,
        bill=billed,
        estimated_day_count=0 if completed is None else completed.estimated_day_count,
        forecast=_forecast(connection, day_ahead, ports),
        savings=month_savings(connection, billed, day_ahead, ports=ports),
        peaks=daily_peaks(connection.meter, connection.month, connection.zone),
    )


def _prices(connection: ConnectionMeter, ports: Ports) -> CompletedPrices | None:
    zone = connection.bidding_zone
    return None if zone is None else completed_day_ahead(connection, zone, ports=ports)


def _forecast(
    connection: ConnectionMeter, day_ahead: DayAheadPrices | None, ports: Ports
) -> MonthForecast | None:
    now_index = int(epoch_s(connection.now)) // QUARTER_S
    plan = ports.plans.latest(connection.partner_id, connection.site.site_id)
    coming: ComingQuarters = coming_quarters(
        connection.meter,
        connection.month.quarter_indices(connection.zone),
        now_index,
        {} if plan is None else planned_root_wh(plan.plan, connection.root, now_index),
        connection.zone,
        country_code(connection.site.country),
    )
    billed = bill_of(connection.site, coming.meter, connection.month, day_ahead)
    if not isinstance(billed, Bill):
        return None
    return MonthForecast(billed, coming.planned_count, coming.repeated_count, coming.unknown_count)
