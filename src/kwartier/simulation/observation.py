"""What a controller sees at a moment, and what it tells its devices: nothing of the simulator but this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kwartier.forecasting.power_history import PowerHistory
from kwartier.site.transaction import Transaction
from kwartier.tariffs.day_ahead.price_day import PriceDay


@dataclass(frozen=True)
class QuarterEnergy:
    """What a connection's meter has counted, Wh, both positive."""

    offtake_wh: float = 0.0
    injection_wh: float = 0.0


@dataclass(frozen=True)
class Observation:
    """The site at `at_s` (epoch seconds), as its meters, poles and the market tell it.

    `charge_percent` is each battery's state of charge; `month_peak_w` the highest whole quarter-hour of each
    connection in the local month; `quarter` what the running one has seen. `series_now_w` is the mean power of each
    series in the running quarter-hour, None at its start or where the meter is silent. `cars` are those that stand at
    a pole. `history_of` gives the quarter-hours of a series that are over, `past_cars` the last messages of the cars
    that have left (who leaves is added at its end), `price_days` the market days that are known.
    """

    at_s: float
    charge_percent: Mapping[str, float]
    month_peak_w: Mapping[str, float]
    quarter: Mapping[str, QuarterEnergy]
    series_now_w: Mapping[str, float | None]
    cars: Sequence[Transaction]
    history_of: Callable[[str], PowerHistory]
    past_cars: Callable[[], Sequence[Transaction]]
    price_days: Sequence[PriceDay]


@dataclass(frozen=True)
class Band:
    """Where the net power of a connection is kept by its batteries, W, negative where it injects."""

    low_w: float
    high_w: float


@dataclass(frozen=True)
class Orders:
    """What devices are told: A per pin by AC pole, W by DC pole and battery (negative discharges); the rest is 0.

    Where fuses leave no room for all of it, poles with a higher `priority` are served first, equals equally. Batteries
    leave what they are told where a connection would leave its band otherwise: within seconds, by its meter. What the
    `deaf` are told here is what they do: they hear nothing in this step, neither of fuses nor of bands.
    """

    current_a: Mapping[str, float] = field(default_factory=dict)
    power_w: Mapping[str, float] = field(default_factory=dict)
    priority: Mapping[str, int] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    deaf: frozenset[str] = frozenset()
