"""What somebody at the site has decided about one charging session, in place of what the car or driver told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

Wish = Literal["charge_now", "leave_at", "minimum", "as_told"]
"""All it can get at once; another departure; energy that comes before others'; nothing overridden any more."""

WISHES: tuple[Wish, ...] = get_args(Wish)


class SessionKey(NamedTuple):
    """What a session is known by within its site."""

    asset_id: str
    transaction_id: str


@dataclass(frozen=True)
class SessionOverride:
    """One decision, never changed or deleted: who, when, what. Of a session's the one asked last counts.

    `departure_time` stands with `leave_at` alone, `minimum_energy_wh` (Wh of the whole session, above 0) with `minimum`
    alone.
    """

    session: SessionKey
    wish: Wish
    asked_by: str
    asked_at: datetime
    departure_time: datetime | None = None
    minimum_energy_wh: float | None = None


@dataclass(frozen=True)
class NumberedOverride:
    """An override in the site's record of them; numbers count from 1 in the order in which they were asked."""

    override_number: int
    override: SessionOverride
