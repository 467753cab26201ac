"""What a planning policy is told of the future, so that a study can say what each forecast costs."""

from dataclasses import dataclass
from typing import Literal

Arrivals = Literal["known", "expected", "ignored"]


@dataclass(frozen=True)
class Knowledge:
    """Which forecasts are replaced by the truth; by default none is.

    `arrivals`: coming cars are known, expected from past weeks, or ignored. `load_level_ratio` is the quantile of loads
    that is counted on; None is the mean.
    """

    is_load_known: bool = False
    is_sun_known: bool = False
    are_prices_known: bool = False
    arrivals: Arrivals = "expected"
    load_level_ratio: float | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing can surprise."""
        return self.is_load_known and self.is_sun_known and self.arrivals == "known"


PERFECT = Knowledge(is_load_known=True, is_sun_known=True, are_prices_known=True, arrivals="known")
