"""What waits for the database is never done on the event loop."""

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """The result of work that blocks, done in one of the service's threads."""
    return await to_thread.run_sync(work)
