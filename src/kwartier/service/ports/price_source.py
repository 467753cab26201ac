"""The port to a publisher of day-ahead prices."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from kwartier.tariffs.day_ahead.delivery import Delivery


@dataclass(frozen=True)
class Fetched:
    """The source says these are the prices of the day; nobody has judged them yet."""

    delivery: Delivery


@dataclass(frozen=True)
class NotYetPublished:
    """The source answers, and has no prices of the day; the exchange publishes them around 13:00 the day before."""


@dataclass(frozen=True)
class Refused:
    """The source does not give them, or what it gives cannot be read; `reason` says why, without any key."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """The source gave no answer in time; asking again later may help."""

    reason: str


SourceAnswer: TypeAlias = Fetched | NotYetPublished | Refused | Unreachable


class PriceSource(Protocol):
    """Day-ahead prices of a bidding zone, as one publisher has them. Slow: never on an event loop."""

    @property
    def name(self) -> str:
        """The publisher, as it is kept with the prices."""
        ...

    def fetch(self, bidding_zone: str, day: date) -> SourceAnswer:
        """What it says of a market day; raises nothing."""
        ...
