"""A car at a pole: what it takes of what it is offered."""

from dataclasses import dataclass
from datetime import datetime

# Ours, to look like a charging car and not to be one: batteries take less near full, and the last of it slowly.
TAPER_SHARE = 0.1
LEAST_TAPER_SHARE = 0.2


@dataclass(frozen=True)
class Car:
    """A car from arrival to departure; with `requested_wh` delivered it is full.

    In the last `taper_share` of its energy it takes less and less; with 0 it never does. It refuses less than
    `least_current_a`. `told_departure` is when its driver said it would leave, where that is not when it does.
    """

    transaction_id: str
    asset_id: str
    arrival: datetime
    departure: datetime
    requested_wh: float
    largest_w: float
    phase_count: int
    charged_before_wh: float = 0.0
    taper_share: float = TAPER_SHARE
    least_current_a: float = 0.0
    told_departure: datetime | None = None
    badge: str | None = None

    def is_there(self, at: datetime) -> bool:
        """Whether it stands at its pole."""
        return self.arrival <= at < self.departure


def charging_power_w(car: Car, charged_wh: float, offered_w: float, least_w: float) -> float:
    """What the car takes, W: the offered or its largest, less in the last tenth of its energy.

    Nothing when full, or where less than `least_w` is offered: the power of 6 A on its pins (IEC 61851-1:2017, annex
    A.5), 0 for direct current.

    >>> from datetime import UTC, datetime
    >>> moment = datetime(2026, 3, 2, tzinfo=UTC)
    >>> car = Car("t", "pole", moment, moment, requested_wh=20_000, largest_w=11_040, phase_count=3)
    >>> charging_power_w(car, 0, 22_080, 4_140), charging_power_w(car, 19_000, 22_080, 4_140)
    (11040.0, 5520.0)
    """
    missing_wh = car.requested_wh - charged_wh
    if missing_wh <= 0 or offered_w <= 0 or offered_w < least_w:
        return 0.0
    tapered_wh = car.taper_share * car.requested_wh
    share = missing_wh / tapered_wh if missing_wh < tapered_wh else 1.0
    taken_w = car.largest_w * max(LEAST_TAPER_SHARE, share)
    return float(min(offered_w, max(least_w, taken_w)))
