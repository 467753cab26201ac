"""What is expected of a car that is there, and the cars that are expected to come."""

from dataclasses import dataclass

from kwartier.forecasting.power_forecast import Quality


@dataclass(frozen=True)
class PastSession:
    """A charging session that is over. `badge` is its id tag, None where none was shown; times in epoch seconds.

    `energy_wh` is what was charged, None where nobody knows.
    """

    pole: str
    badge: str | None
    start_s: float
    stop_s: float
    energy_wh: float | None


@dataclass(frozen=True)
class PresentSession:
    """A car that is at a pole at the moment `at_s`, epoch seconds. `charged_wh` is what it has got so far."""

    pole: str
    badge: str | None
    start_s: float
    at_s: float
    charged_wh: float = 0.0


@dataclass(frozen=True)
class SessionForecast:
    """Departure (epoch seconds) and energy of the whole session (Wh) as quantiles, one per entry of `LEVELS`.

    A plan counts on `departure_s[0]`, the moment that nine of ten cars outstay (forecasting.md: plan on P10, not P50),
    and on `mean_energy_wh`. Departures lie after the moment of the forecast, energies are at least what is charged.
    """

    departure_s: tuple[float, ...]
    energy_wh: tuple[float, ...]
    mean_energy_wh: float
    quality: Quality
    source: str


@dataclass(frozen=True)
class ExpectedArrival:
    """A car that is likely to come: when, until when (epoch seconds), for how much (Wh), and how likely (0 to 1]."""

    pole: str
    start_s: float
    departure_s: float
    energy_wh: float
    weight: float
    source: str
