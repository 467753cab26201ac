"""The peak that a month is expected to have anyway: that of the month before, had everything been known.

closed_loop.md, point 5: plans that start each month from zero defend every kW as if it were the month's last (regret
1.8 %); with the last month's hindsight peak as a floor, the factor 1.0 and never above, it is 0.8 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from kwartier.tariffs import LocalMonth
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

# Late readings of a month's last hours come in its first one (a meter speaks every 15 min at least).
FIRST_AFTER = timedelta(hours=1)
# A thousand sites of some seconds each are done in so long, one after the other.
SPREAD_OVER = timedelta(hours=6)
# Where a month is not whole, what is missing may come yet.
AGAIN_AFTER = timedelta(days=1)
# Nobody waits for longer than a month and its first hours; a later moment comes from a clock that was ahead (R33).
LONGEST_WAIT = timedelta(days=33)


@dataclass(frozen=True)
class MonthFloor:
    """The expected peak of each connection in `month`, W; none of any where `reason` says why."""

    month: LocalMonth
    made_at: datetime
    highest_w_by_root: Mapping[str, float] = field(default_factory=dict)
    reason: str | None = None

    def counts_in(self, month: LocalMonth) -> bool:
        """Whether it tells something of a month: its own, or the one after, whose own is made in its first hours."""
        return month in (self.month, self.month.later(1))

    def words(self, root: str) -> str:
        """What a plan says of it."""
        return (
            f"{root}: a peak of {self.highest_w_by_root[root] / 1000.0:.1f} kW is expected anyway, what the best of "
            f"{self.month.later(-1)} would have had (made at {format_instant(self.made_at.replace(microsecond=0))})"
        )


def month_at(moment: datetime, zone: ZoneInfo) -> LocalMonth:
    """The month that the clocks of a site show.

    >>> from datetime import UTC
    >>> str(month_at(datetime(2026, 10, 31, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Brussels")))
    '2026-11'
    """
    return LocalMonth.of_quarter(int(epoch_s(moment)) // QUARTER_S, zone)


def own_moment(partner_id: str, site_id: str, month: LocalMonth, zone: ZoneInfo) -> datetime:
    """When the floor of a month is made for a site: always the same moment of the month's first hours."""
    digest = sha256(f"{partner_id}/{site_id}".encode()).digest()
    ratio = int.from_bytes(digest[:4]) / 2**32
    starts_at = from_epoch_s(month.quarter_indices(zone).start * QUARTER_S)
    return starts_at + FIRST_AFTER + ratio * SPREAD_OVER
