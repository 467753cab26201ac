"""The money of a site as read over REST."""

from datetime import date
from typing import Any

from pydantic import Field

from kwartier.adapters.http.bills.documents import BillDocument
from kwartier.service.compare_tariffs import Alternative, TariffComparison
from kwartier.service.money.daily_peaks import DailyPeak
from kwartier.service.money.month_savings import MonthSavings
from kwartier.service.read_money import MoneyOutlook, MonthForecast
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel


class MonthForecastDocument(WireModel):
    """The bill of the whole month as it is likely to be, and what of it is made up."""

    bill: BillDocument
    planned_count: int = Field(description="How many quarter-hours are as the newest plan has them.")
    repeated_count: int = Field(description="How many quarter-hours are as on the last day of their kind.")
    unknown_count: int = Field(description="How many quarter-hours are not known; they cost nothing here.")


class MonthSavingsDocument(WireModel):
    """The month so far as it was, and had every car charged on arrival and the batteries rested, without VAT."""

    actual_eur: float = Field(description="As it was, EUR.")
    uncontrolled_eur: float = Field(description="As it would have been, EUR.")
    stored_eur: float = Field(description="Worth of what batteries hold more than at the month's start, EUR.")
    saved_eur: float = Field(
        description="What control saved, EUR: uncontrolled less actual, and what is stored."
    )
    actual_peak_w: float = Field(description="Highest quarter-hour average as it was, W.")
    uncontrolled_peak_w: float = Field(description="Highest quarter-hour average as it would have been, W.")
    session_count: int = Field(description="How many sessions took something.")


class DailyPeakDocument(WireModel):
    """The quarter-hour of a local day with the largest offtake."""

    day: date
    start: Instant
    power_w: float = Field(description="Its average, W.")
    known_ratio: float = Field(description="0 to 1: the part of the day that is measured.")


class MoneyDocument(WireModel):
    """One connection in the running month; `forecast` and `savings` are null where they could not be billed."""

    at: Instant
    month: str = Field(description="YYYY-MM in the site's own time.")
    collector: str
    bill: BillDocument
    estimated_day_count: int = Field(
        description="How many days so far have day-ahead prices that never came, and are those of like days."
    )
    forecast: MonthForecastDocument | None
    savings: MonthSavingsDocument | None
    peaks: list[DailyPeakDocument]


class AlternativeDocument(WireModel):
    """A contract or a connection, and what the month would have cost; null with `why_not` where it can't be billed."""

    kind: str = Field(description="`own`, `contract` or `connection`.")
    name: str = Field(description="The contract, or the kind of connection.")
    detail: str = Field(
        description="The month of the contract's card, or the connection's operator and region."
    )
    total_eur: float | None = Field(description="EUR with VAT, without a supplier's yearly fee.")
    why_not: str


class TariffComparisonDocument(WireModel):
    """A month of one connection as it is, and under each alternative."""

    month: str = Field(description="YYYY-MM in the site's own time.")
    collector: str
    own: AlternativeDocument
    alternatives: list[AlternativeDocument]


def money_document(outlook: MoneyOutlook) -> dict[str, Any]:
    """The JSON value of a connection's running month."""
    return {
        "at": format_instant(outlook.at),
        "month": str(outlook.month),
        "collector": outlook.collector,
        "bill": outlook.bill.to_json(),
        "estimated_day_count": outlook.estimated_day_count,
        "forecast": None if outlook.forecast is None else _forecast(outlook.forecast),
        "savings": None if outlook.savings is None else _savings(outlook.savings),
        "peaks": [_peak(one) for one in outlook.peaks],
    }


def comparison_document(comparison: TariffComparison) -> dict[str, Any]:
    """The JSON value of a comparison."""
    return {
        "month": str(comparison.month),
        "collector": comparison.collector,
        "own": _alternative(comparison.own),
        "alternatives": [_alternative(one) for one in comparison.alternatives],
    }


def _forecast(forecast: MonthForecast) -> dict[str, Any]:
    return {
        "bill": forecast.bill.to_json(),
        "planned_count": forecast.planned_count,
        "repeated_count": forecast.repeated_count,
        "unknown_count": forecast.unknown_count,
    }


def _savings(savings: MonthSavings) -> dict[str, Any]:
    return {
        "actual_eur": round(float(savings.actual_eur), 2),
        "uncontrolled_eur": round(float(savings.uncontrolled_eur), 2),
        "stored_eur": round(float(savings.stored_eur), 2),
        "saved_eur": round(float(savings.saved_eur), 2),
        "actual_peak_w": savings.actual_peak_w,
        "uncontrolled_peak_w": savings.uncontrolled_peak_w,
        "session_count": savings.session_count,
    }


def _peak(peak: DailyPeak) -> dict[str, Any]:
    return {
        "day": peak.day.isoformat(),
        "start": format_instant(peak.start),
        "power_w": peak.power_w,
        "known_ratio": peak.known_ratio,
    }


def _alternative(one: Alternative) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "detail": one.detail,
        "total_eur": None if one.bill is None else float(one.bill.total_eur),
        "why_not": one.why_not,
    }
