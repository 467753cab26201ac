"""What a meter measured: quarter-hours of one connection, their local months and peaks."""

from kwartier.tariffs.meter.local_month import LocalMonth
from kwartier.tariffs.meter.meter_series import MeterSeries
from kwartier.tariffs.meter.month_peak import MonthPeak, month_peak

__all__ = ["LocalMonth", "MeterSeries", "MonthPeak", "month_peak"]
