"""What several people look at is read once for all of them, and kept for some seconds."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kwartier.adapters.dashboard.threads import in_thread

T = TypeVar("T")

MOST_COUNT = 500


@dataclass
class _Look:
    taken_s: float = -1e9
    value: Any = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class SharedLooks:
    """The last result of each use case that was asked for; it belongs to the event loop."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._looks: dict[Hashable, _Look] = {}

    async def at(self, key: Hashable, oldest_s: float, work: Callable[[], T]) -> T:
        """The result of `work` under this key, at most so many seconds old; several who ask wait for the same one."""
        look = self._looks.setdefault(key, _Look())
        async with look.lock:
            if self._monotonic_s() - look.taken_s >= oldest_s:
                look.value = await in_thread(work)
                look.taken_s = self._monotonic_s()
        self._forget_oldest()
        value: T = look.value
        return value

    def drop(self, key: Hashable) -> None:
        """Have the next one who asks read anew."""
        self._looks.pop(key, None)

    def _forget_oldest(self) -> None:
        if len(self._looks) > MOST_COUNT:
            oldest = min(self._looks, key=lambda key: self._looks[key].taken_s)
            del self._looks[oldest]
