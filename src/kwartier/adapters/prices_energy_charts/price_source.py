"""`EnergyChartsPrices`: day-ahead prices from api.energy-charts.info.

GET /price?bzn=BE&start=YYYY-MM-DD&end=YYYY-MM-DD gives {"license_info", "unix_seconds": [...], "price": [...],
"unit": "EUR / MWh", "deprecated"}; dates are days of central European time, both included (api.energy-charts.info).
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kwartier.adapters.outbound.bounded_get import Answer, NoAnswer, TooLarge, bounded_get
from kwartier.service.ports.price_source import (
    Fetched,
    NotYetPublished,
    Refused,
    SourceAnswer,
    Unreachable,
)
from kwartier.tariffs.day_ahead.delivery import Delivery, PricePoint
from kwartier.tariffs.day_ahead.market_day import PriceResolution
from kwartier.units.json_text import UnreadableJson, read_json
from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s

ADDRESS = "https://api.energy-charts.info/price"
UNIT = "EUR/MWh"

_ZONE_NAMES = {"DE_LU": "DE-LU", "DK_1": "DK1", "DK_2": "DK2", "NO_2": "NO2", "SE_4": "SE4"}


class _Body(BaseModel):
    """What is read of an answer; more may stand in it."""

    model_config = ConfigDict(strict=True)

    # Moments of 2000 to 2100; a day has 100 quarter-hours at most, and more is refused with a count.
    unix_seconds: Annotated[
        list[Annotated[int, Field(ge=946_684_800, lt=4_102_444_800)]], Field(max_length=1_000)
    ]
    price: Annotated[list[float | None], Field(max_length=1_000)]
    unit: str


class EnergyChartsPrices:
    """A `PriceSource`. Example: `EnergyChartsPrices().fetch("BE", date(2026, 6, 10))`."""

    name = "energy-charts.info"

    def __init__(self, *, address: str = ADDRESS, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._address = address
        self._transport = transport

    def fetch(self, bidding_zone: str, day: date) -> SourceAnswer:
        """What it says of a market day."""
        zone_name = _ZONE_NAMES.get(bidding_zone, bidding_zone)
        parameters = {"bzn": zone_name, "start": day.isoformat(), "end": day.isoformat()}
        match bounded_get(self._address, parameters, transport=self._transport):
            case NoAnswer(reason):
                return Unreachable(reason)
            case TooLarge(limit_bytes):
                return Refused(f"its answer has more than {limit_bytes:,} bytes")
            case Answer(200, body):
                return _read(body, bidding_zone, day)
            case Answer(404 | 204):
                return NotYetPublished()
            case Answer(status_code) if status_code >= 500:
                return Unreachable(f"it answers with status {status_code}")
            case Answer(status_code):
                return Refused(f"it answers with status {status_code}")


def _read(body: bytes, bidding_zone: str, day: date) -> SourceAnswer:
    try:
        raw: Any = read_json(body)
        read = _Body.model_validate(raw)
    except (UnreadableJson, ValidationError):
        return Refused("its answer is not the JSON that it describes")
    if read.unit.replace(" ", "") != UNIT:
        return Refused(f"its prices are not in {UNIT}")
    if len(read.unix_seconds) != len(read.price):
        return Refused(f"it gives {len(read.unix_seconds)} moments and {len(read.price)} prices")
    # A price that it does not have yet is null: no price, and so a gap that the judgement names.
    pairs = zip(read.unix_seconds, read.price, strict=True)
    points = tuple(
        PricePoint(from_epoch_s(moment_s), price) for moment_s, price in pairs if price is not None
    )
    return Fetched(Delivery(bidding_zone, day, _resolution(points), points)) if points else NotYetPublished()


def _resolution(points: tuple[PricePoint, ...]) -> PriceResolution:
    """Quarter-hours where any two prices start less than an hour apart: the answer does not say it."""
    moments = sorted({point.start for point in points})
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    return "PT15M" if min(gaps, default=timedelta(seconds=QUARTER_S)) < timedelta(hours=1) else "PT60M"
