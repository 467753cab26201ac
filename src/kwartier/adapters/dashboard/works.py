"""What the dashboard works with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import to_thread

from kwartier.service.dispatching.live_readings import LiveReadings
from kwartier.service.ports import Ports
from kwartier.service.recognise_user import UserRecogniser

T = TypeVar("T")


@dataclass(frozen=True)
class Works:
    """The service's ports, the newest readings of this process, and who is signed in."""

    ports: Ports
    live: LiveReadings
    recogniser: UserRecogniser


async def in_thread(work: Callable[[], T]) -> T:
    """The result of work that waits for the database: never done on the event loop."""
    return await to_thread.run_sync(work)
