"""Read what a site's connection costs this month: so far, to its end, against charging on arrival, and its peaks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.service.bill_site import bill_of
from kwartier.service.caller import Caller
from kwartier.service.money.coming_quarters import ComingQuarters, coming_quarters, planned_root_wh
from kwartier.service.money.connection_meter import (
    ConnectionMeter,
    NotBillable,
    connection_meter,
    day_ahead_of_month,
    month_market_days,
)
from kwartier.service.money.daily_peaks import DailyPeak, daily_peaks
from kwartier.service.money.month_savings import MonthSavings, month_savings
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.site.timezone import country_code
from kwartier.tariffs import Bill, DayAheadPrices, LocalMonth
from kwartier.tariffs.day_ahead.estimate import MEMORY_DAYS
from kwartier.tariffs.day_ahead.horizon import horizon_prices
from kwartier.tariffs.day_ahead.market_day import day_end, day_start
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
    """One connection in the running month. `forecast` and `savings` are None where they could not be billed."""

    at: datetime
    month: LocalMonth
    collector: str
    bill: Bill
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
    zone = connection.bidding_zone
    day_ahead = None if zone is None else day_ahead_of_month(connection, zone, ports=ports)
    billed = bill_of(connection.site, connection.meter, connection.month, day_ahead)
    if not isinstance(billed, Bill):
        return billed
    return MoneyOutlook(
        at=connection.now,
        month=connection.month,
        collector=connection.root,
        bill=billed,
        forecast=_forecast(connection, ports),
        savings=month_savings(connection, billed, day_ahead, ports=ports),
        peaks=daily_peaks(connection.meter, connection.month, connection.zone),
    )


def _forecast(connection: ConnectionMeter, ports: Ports) -> MonthForecast | None:
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
    day_ahead = _estimated_prices(connection, ports)
    billed = bill_of(connection.site, coming.meter, connection.month, day_ahead)
    if not isinstance(billed, Bill):
        return None
    return MonthForecast(billed, coming.planned_count, coming.repeated_count, coming.unknown_count)


def _estimated_prices(connection: ConnectionMeter, ports: Ports) -> DayAheadPrices | None:
    """The month's prices, those of days that are not known estimated from the days before."""
    if connection.bidding_zone is None:
        return None
    first, last = month_market_days(connection)
    found = ports.prices.list_days(
        connection.partner_id, connection.bidding_zone, first - timedelta(days=MEMORY_DAYS), last
    )
    horizon = horizon_prices(day_start(first), day_end(last), found)
    return DayAheadPrices.of(horizon.start, horizon.eur_per_mwh)
