"""Prices of a fixed contract."""

import numpy as np
import numpy.typing as npt

from kwartier.site.contracts import FixedContract

FloatArray = npt.NDArray[np.float64]


def prices_eur_per_mwh(contract: FixedContract, start_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Offtake and injection price in EUR/MWh of each interval, shape as `start_s`."""
    return (
        np.full(len(start_s), contract.fixed_offtake_cost_per_mwh),
        np.full(len(start_s), contract.fixed_injection_cost_per_mwh),
    )
