"""Reading a publication document of the transparency platform, with what entsoe-py passes over silently refused.

entsoe-py takes the last of two values of one position, and drops positions beyond a period's end.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from kwartier.tariffs.day_ahead.delivery import Delivery, PricePoint
from kwartier.tariffs.day_ahead.market_day import PriceResolution, day_end, day_start
from kwartier.units.instant import parse_instant

_SERIES = re.compile(r"<TimeSeries>.*?</TimeSeries>", re.DOTALL)
_PERIOD = re.compile(r"<Period>.*?</Period>", re.DOTALL)
_BOUNDS = re.compile(r"<start>([^<]+)</start>\s*<end>([^<]+)</end>")
_POSITION = re.compile(r"<position>\s*(\d{1,6})\s*</position>")
_STEPS: dict[str, tuple[PriceResolution, timedelta]] = {
    "PT15M": ("PT15M", timedelta(minutes=15)),
    "PT60M": ("PT60M", timedelta(hours=1)),
}
_RESOLUTION = re.compile(r"<resolution>([^<]+)</resolution>")
_ENTSOE_NAME: dict[PriceResolution, str] = {"PT15M": "15min", "PT60M": "60min"}


@dataclass(frozen=True)
class Unreadable:
    """The document is not one of prices, or contradicts itself."""

    why: str


def read_document(text: str, bidding_zone: str, day: date) -> Delivery | Unreadable:
    """The prices of a day that a document holds; without points where it holds none of that day.

    Time series that lie outside the day are other days' and left out: the platform adds neighbours. Of one that touches
    the day, every point counts, also those outside of it.
    """
    points: list[PricePoint] = []
    resolutions: set[PriceResolution] = set()
    for series in _SERIES.findall(text):
        contradiction = _contradiction(series)
        if contradiction is not None:
            return Unreadable(contradiction)
        read = _points(series)
        if isinstance(read, Unreadable):
            return read
        for resolution, found in read.items():
            if any(day_start(day) <= point.start < day_end(day) for point in found):
                points += found
                resolutions.add(resolution)
    if not points and "Publication_MarketDocument" not in text:
        return Unreadable("its answer is no publication document")
    if len(resolutions) > 1:
        return Unreadable("it gives hours and quarter-hours for the same day")
    return Delivery(bidding_zone, day, resolutions.pop() if resolutions else "PT15M", tuple(points))


def _contradiction(series: str) -> str | None:
    """What entsoe-py would not notice in one time series."""
    if "<currency_Unit.name>EUR<" not in series or "<price_Measure_Unit.name>MWH<" not in series:
        return "its prices are not in EUR/MWh"
    faults = (_fault(period) for period in _PERIOD.findall(series))
    return next((fault for fault in faults if fault is not None), None)


def _fault(period: str) -> str | None:
    bounds, resolution = _BOUNDS.search(period), _RESOLUTION.search(period)
    if bounds is None or resolution is None or resolution[1] not in _STEPS:
        return "one of its periods has no bounds, or steps of another length than 15 or 60 minutes"
    try:
        start, end = (parse_instant(_with_seconds(moment)) for moment in bounds.groups())
    except ValueError:
        return "a period's bounds are no times with an offset"
    positions = [int(position) for position in _POSITION.findall(period)]
    most_count = (end - start) // _STEPS[resolution[1]][1]
    if len(set(positions)) != len(positions):
        return "one of its periods has two values for a position"
    if not positions or min(positions) != 1 or max(positions) > most_count:
        return f"one of its periods has positions beyond 1 to {most_count}, or not the first"
    return None


def _with_seconds(moment: str) -> str:
    """The platform leaves the seconds out: 2026-06-09T22:00Z."""
    return moment.strip().replace("Z", ":00Z")


def _points(series: str) -> dict[PriceResolution, list[PricePoint]] | Unreadable:
    """The prices of one time series by resolution, as entsoe-py reads them, repeated values (curve A03) filled in."""
    from entsoe.parsers import parse_prices

    try:
        parsed = parse_prices(series)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Unreadable("one of its time series lacks a part, or has one that cannot be read")
    return {
        resolution: [
            PricePoint(moment.to_pydatetime().astimezone(UTC), float(price))
            for moment, price in parsed[name].items()
        ]
        for resolution, name in _ENTSOE_NAME.items()
        if len(parsed[name])
    }
