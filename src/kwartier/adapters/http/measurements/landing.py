"""From the writer's thread back to the event loop."""

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any


class Landing:
    """Lets coroutines of one event loop wait for futures of other threads.

    A commit ends many futures at once. The loop is woken once for all of them, and not once for each as
    `asyncio.wrap_future` does: a wake-up takes both threads' time.
    """

    def __init__(self) -> None:
        self._landed: deque[asyncio.Future[None]] = deque()
        self._is_woken = False

    async def wait(self, future: "Future[Any]") -> None:
        """Return once the future is done, whatever came of it."""
        if future.done():
            return
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        future.add_done_callback(lambda _: self._land(loop, waiter))
        await waiter

    def _land(self, loop: asyncio.AbstractEventLoop, waiter: "asyncio.Future[None]") -> None:
        # First into the queue, then a look at the flag; `_release` does it the other way round, so none is forgotten.
        self._landed.append(waiter)
        if not (self._is_woken or loop.is_closed()):
            self._is_woken = True
            loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self._is_woken = False
        while self._landed:
            waiter = self._landed.popleft()
            if not waiter.done():
                waiter.set_result(None)
