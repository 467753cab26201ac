"""Prices of a contract that follows the day-ahead market."""

import numpy as np
import numpy.typing as npt

from kwartier.site.contracts import DynamicContract

FloatArray = npt.NDArray[np.float64]


def prices_eur_per_mwh(
    contract: DynamicContract, day_ahead_eur_per_mwh: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Offtake and injection price in EUR/MWh: coefficient x day-ahead + constant, shape as the day-ahead prices."""
    return (
        contract.offtake_coefficient * day_ahead_eur_per_mwh + contract.offtake_constant_cost_per_mwh,
        contract.injection_coefficient * day_ahead_eur_per_mwh + contract.injection_constant_cost_per_mwh,
    )
