"""Pages of lists: what a caller asks for, and what it gets."""

import base64
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kwartier.adapters.http.problems import BAD_CURSOR, Refused

DEFAULT_SIZE, LARGEST_SIZE = 20, 100  # contract.md, section 6
# A place may hold two names of 200 characters, each written as \\uXXXX in the worst case, and base64 adds a third.
LONGEST_CURSOR_LENGTH = 3_400


def _digits(value: object) -> object:
    """Whole numbers in a query are plain digits: "+5", " 5" and "1_000" are mistakes."""
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise ValueError("a whole number is written in digits only")
    return value


def cursor_of(key: str) -> str:
    """The opaque cursor that stands for a place in a list.

    >>> key_of(cursor_of("hall"))
    'hall'
    """
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str) -> str:
    """The place that a cursor stands for; raises Refused for one that was never given out."""
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:  # no base64, or no UTF-8 in it
        key = ""
    if not key or not key.isprintable() or cursor_of(key) != cursor:
        raise Refused(BAD_CURSOR)
    return key


class PageQuery(BaseModel):
    """Which page of a list; other query parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[str, Field(max_length=LONGEST_CURSOR_LENGTH)] | None = Field(
        default=None, description="The `end_cursor` of the page before; absent: the first page."
    )
    page_size: Annotated[int, Field(ge=1, le=LARGEST_SIZE), BeforeValidator(_digits)] = Field(
        default=DEFAULT_SIZE, description="The most entries on the page."
    )

    @property
    def after_key(self) -> str | None:
        """The place in the list that the page starts behind; None for its beginning."""
        return None if self.after is None else key_of(self.after)


Paging = Annotated[PageQuery, Query()]


def page_document(
    data: list[Any], query: PageQuery, *, last_key: str | None, has_next_page: bool
) -> dict[str, Any]:
    """The JSON value of a page; `last_key` is the place of its last entry."""
    return {
        "data": data,
        "page_size": query.page_size,
        "end_cursor": None if last_key is None else cursor_of(last_key),
        "has_next_page": has_next_page,
    }
