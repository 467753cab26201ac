"""A page of a list, as a document; `paging` reads which one is asked for."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import Field

from kwartier.units.wire import WireModel

T = TypeVar("T")


class PageOf(WireModel, Generic[T]):
    """A page of a list. With `has_next_page`, pass `end_cursor` as `after` to get the next one."""

    data: Sequence[T] = Field(description="The entries of this page, in the order of the list.")
    page_size: int = Field(description="The most entries that this page could have had.", examples=[20])
    end_cursor: str | None = Field(
        description="The place of the last entry; null on an empty page.", examples=["YnJ1c3NlbHMtaHVi"]
    )
    has_next_page: bool = Field(description="Whether more entries follow.", examples=[False])
