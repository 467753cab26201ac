"""Prices of a series, as day-ahead ones, in the form in which acnportal asks for a tariff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class PriceTariff:
    """Prices of equal steps from `start` on, EUR/MWh, and a price of the highest power, EUR/kW.

    Stands for acnportal's `TimeOfUseTariff` in a simulation's `signals`. Raises ValueError where a price is asked for
    that the series does not have.

    >>> from datetime import UTC
    >>> start = datetime(2024, 1, 1, tzinfo=UTC)
    >>> PriceTariff(start, timedelta(hours=1), [80.0, 90.0], 5.0).get_tariffs(start, 3, 30)
    [0.08, 0.08, 0.09]
    """

    start: datetime
    step: timedelta
    prices_eur_per_mwh: Sequence[float]
    capacity_eur_per_kw: float

    def get_tariffs(self, start: datetime, length: int, period: float) -> list[float]:
        """The prices of `length` periods of `period` minutes from `start` on, EUR/kWh."""
        return [self.get_tariff(start + number * timedelta(minutes=period)) for number in range(length)]

    def get_tariff(self, date_time: datetime) -> float:
        """The price at a moment, EUR/kWh."""
        index = (date_time - self.start) // self.step
        if not 0 <= index < len(self.prices_eur_per_mwh):
            end = self.start + len(self.prices_eur_per_mwh) * self.step
            raise ValueError(f"no price at {date_time}: the series goes from {self.start} to {end}")
        return self.prices_eur_per_mwh[index] / 1000.0

    def get_demand_charge(self, date_time: datetime) -> float:  # noqa: ARG002  # acnportal asks with a moment
        """The price of the highest power, EUR/kW."""
        return self.capacity_eur_per_kw
