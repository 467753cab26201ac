"""The routes under /v1/prices."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from kwartier.adapters.http.bodies import Body, body_of, read_document
from kwartier.adapters.http.callers import Access, AccessTable, CallerOf
from kwartier.adapters.http.documents import json_response
from kwartier.adapters.http.findings import refused_for
from kwartier.adapters.http.ports_of import PortsOf
from kwartier.adapters.http.prices.documents import (
    EXAMPLE_PRICES,
    PriceDaysDocument,
    PricesDocument,
    price_days_document,
)
from kwartier.adapters.http.problem_schema import answers
from kwartier.adapters.http.problems import UNPROCESSABLE, refusal
from kwartier.service.keep_prices import PricesKept, PricesRefused, keep_prices
from kwartier.service.read_prices import NoPrices, PriceQuery, SpanTooLong, read_prices
from kwartier.units.instant import Instant

ACCESS: AccessTable = {
    ("PUT", "/v1/prices/{bidding_zone}"): Access.WRITE,
    ("GET", "/v1/prices/{bidding_zone}"): Access.READ,
}
router = APIRouter(tags=["prices"])

BiddingZone = Annotated[
    str,
    Path(
        pattern="^[A-Z][A-Z0-9_]{1,15}$",
        description="The bidding zone, as the contract names it.",
        examples=["BE"],
    ),
]


MarketDay = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


class PriceSpan(BaseModel):
    """Which days of prices; other query parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: MarketDay | None = Field(default=None, description="First market day; absent: yesterday.")
    last_day: MarketDay | None = Field(
        default=None, description="Last market day, included; absent: the day after tomorrow."
    )
    known_at: Instant | None = Field(
        default=None, description="As known at that moment, RFC 3339 with an offset; absent: now."
    )


@router.put(
    "/v1/prices/{bidding_zone}",
    summary="Send day-ahead prices",
    response_model=PriceDaysDocument,
    responses=answers(UNPROCESSABLE),
    openapi_extra=body_of(PricesDocument, EXAMPLE_PRICES),
)
def put(caller: CallerOf, ports: PortsOf, bidding_zone: BiddingZone, body: Body) -> Response:
    """The days as they are stored, for this partner. A day that is not complete to the last quarter-hour is refused.

    Nothing is filled in, moved or repaired. A later version of a day replaces it from then on; the earlier one is kept.
    """
    document = read_document(PricesDocument, body)
    outcome = keep_prices(caller, bidding_zone, document.sent, prices=ports.prices, clock=ports.clock)
    match outcome:
        case PricesKept(days):
            return json_response(price_days_document(bidding_zone, days))
        case PricesRefused(findings):
            raise refused_for(UNPROCESSABLE, findings)


@router.get(
    "/v1/prices/{bidding_zone}",
    summary="Read day-ahead prices",
    response_model=PriceDaysDocument,
    responses=answers(NoPrices, SpanTooLong),
)
def read(
    caller: CallerOf, ports: PortsOf, bidding_zone: BiddingZone, span: Annotated[PriceSpan, Query()]
) -> Response:
    """The days that are known, at most 100, with the moment since when."""
    query = PriceQuery(span.first_day, span.last_day, span.known_at)
    outcome = read_prices(caller, bidding_zone, query, prices=ports.prices, clock=ports.clock)
    match outcome:
        case NoPrices() | SpanTooLong():
            raise refusal(outcome)
        case days:
            return json_response(price_days_document(bidding_zone, days))
