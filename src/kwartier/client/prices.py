"""Day-ahead prices of a bidding zone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kwartier.adapters.http.prices.documents import PriceDaysDocument, PricesDocument
from kwartier.client.call import Call, document_of, json_of, sending

ZONE = "/v1/prices/{bidding_zone}"


def send(bidding_zone: str, prices: PricesDocument | Mapping[str, Any]) -> Call[PriceDaysDocument]:
    """The days as they are stored, EUR/MWh; whole market days only."""
    return Call(
        "PUT",
        ZONE,
        read=document_of(PriceDaysDocument),
        ids={"bidding_zone": bidding_zone},
        **sending(json_of(prices)),
    )


def read(
    bidding_zone: str,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    known_at: datetime | None = None,
) -> Call[PriceDaysDocument]:
    """The known days, yesterday to the day after tomorrow unless others are named; as they were known at a moment."""
    return Call(
        "GET",
        ZONE,
        read=document_of(PriceDaysDocument),
        ids={"bidding_zone": bidding_zone},
        query={
            "first_day": first_day,
            "last_day": last_day,
            "known_at": None if known_at is None else known_at.isoformat(),
        },
    )
