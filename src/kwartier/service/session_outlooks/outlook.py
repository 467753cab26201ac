"""A charging session as a site manager sees it: what it got, what it will get by when, and what that costs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kwartier.service.session_outlooks.account import SessionAccount, together
from kwartier.service.session_outlooks.planned import PlannedSession
from kwartier.service.session_override import SessionKey, SessionOverride

Origin = Literal["decided", "told", "predicted"]
"""Somebody at the site decided it, the car or driver told it, or it is predicted from sessions like this one."""


@dataclass(frozen=True)
class Expectation:
    """What a running session is planned by: when it leaves, what it wants in all (Wh), and how that is known."""

    departure: datetime
    departure_origin: Origin
    wanted_wh: float | None
    wanted_origin: Origin
    minimum_wh: float | None


@dataclass(frozen=True)
class SessionOutlook:
    """One session; `stopped_at` is None while it runs, and only then it has an expectation.

    `planned` is None for a session that is over, and for one that the newest plan does not know yet. `account` is of
    what was measured so far; `charged_wh` what the car's messages say, else what was measured.
    """

    session: SessionKey
    id_tag: str | None
    started_at: datetime
    stopped_at: datetime | None
    charged_wh: float
    account: SessionAccount
    expectation: Expectation | None = None
    override: SessionOverride | None = None
    planned: PlannedSession | None = None

    @property
    def whole_account(self) -> SessionAccount:
        """The account of what was and of what is planned."""
        return self.account if self.planned is None else together(self.account, self.planned.account)
