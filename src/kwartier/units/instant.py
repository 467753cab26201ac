"""Instants: RFC 3339 text with an offset at the edge, UTC inside."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

# RFC 3339 section 5.6 "date-time"; a space or "T" between date and time, the offset is not optional.
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)")

# Outside these years no market, tariff or calendar fact of this project holds, and conversions to UTC may overflow.
FIRST_YEAR, LAST_YEAR = 1970, 2199


def parse_instant(value: object) -> datetime:
    """The UTC datetime that an RFC 3339 text (or an aware datetime) names.

    Raises ValueError, with what was seen, for a text without offset, another notation, or a year outside 1970-2199.

    >>> parse_instant("2025-03-03T07:52:10+01:00").isoformat()
    '2025-03-03T06:52:10+00:00'
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str):
        if not RFC3339.fullmatch(value):
            raise ValueError("not an RFC 3339 time with an offset, such as 2025-03-03T07:52:10+01:00")
        moment = datetime.fromisoformat(value.upper())
    else:
        raise ValueError(
            "a time is written as RFC 3339 text with an offset, such as 2025-03-03T07:52:10+01:00"
        )
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset, such as Z or +01:00")
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return moment.astimezone(UTC)


# Kept: every document says the same moments over and over, and writing one takes a microsecond or two.
@lru_cache(maxsize=2048)
def format_instant(moment: datetime) -> str:
    """RFC 3339 text in UTC with a Z, fractions only where there are any.

    >>> format_instant(datetime(2025, 3, 3, 7, 0, tzinfo=UTC))
    '2025-03-03T07:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    Field(strict=False),
    PlainSerializer(format_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A pydantic field that reads RFC 3339 with an offset, holds UTC, and writes RFC 3339 with a Z."""
