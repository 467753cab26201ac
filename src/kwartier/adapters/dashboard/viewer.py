"""Who looks at a page: the user, the language, and the way to the use cases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.threads import in_thread
from kwartier.adapters.dashboard.works import Works
from kwartier.service.caller import Caller
from kwartier.service.ports import Ports
from kwartier.service.user import User

T = TypeVar("T")


@dataclass(frozen=True)
class Viewer:
    """One page that is open in one browser. What it shows and does, it does as `caller`."""

    user: User
    words: Words
    theme: str
    works: Works
    root: str
    session_token: str

    @property
    def caller(self) -> Caller:
        """The user as use cases know who calls."""
        return self.user.caller

    @property
    def ports(self) -> Ports:
        """What use cases need."""
        return self.works.ports

    async def run(self, work: Callable[[], T]) -> T:
        """The result of a use case, which is called in a thread."""
        return await in_thread(work)

    async def is_signed_in(self) -> bool:
        """Whether the session still holds: a page that stays open asks again and again."""
        recogniser, token = self.works.recogniser, self.session_token
        return await in_thread(lambda: recogniser.user(token)) is not None

    def address(self, path: str) -> str:
        """The address of a page of the dashboard, by its path."""
        return self.root + path
