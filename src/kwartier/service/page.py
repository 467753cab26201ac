"""One page of a list, and whether there is another one behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list in its order; `has_next_page` says whether more follow the last of them."""

    items: Sequence[T]
    has_next_page: bool


def page_of(fetch: Callable[[int], Sequence[T]], page_size: int) -> Page[T]:
    """The page of at most `page_size` items that `fetch(limit)` gives; one item more is asked for to see the end.

    >>> page_of(lambda limit: [1, 2, 3][:limit], 2)
    Page(items=[1, 2], has_next_page=True)
    """
    found = fetch(page_size + 1)
    return Page(found[:page_size], len(found) > page_size)
