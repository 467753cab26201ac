"""How far two numbers may lie apart before the check calls them different, each with its reason."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = float | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tolerance:
    """An absolute and a relative margin in one unit; two numbers differ where the larger margin is exceeded."""

    unit: str
    absolute_number: float
    relative_ratio: float

    def differs(self, observed_number: Numbers, expected_number: Numbers) -> npt.NDArray[np.bool_]:
        """Where observed and expected lie further apart than the margin."""
        return np.abs(np.subtract(observed_number, expected_number)) > self._margin(expected_number)

    def exceeds(self, observed_number: Numbers, largest_number: Numbers) -> npt.NDArray[np.bool_]:
        """Where the observed number lies above the largest allowed one by more than the margin."""
        return np.subtract(observed_number, largest_number) > self._margin(largest_number)

    def _margin(self, reference: Numbers) -> Numbers:
        if self.relative_ratio == 0:
            return self.absolute_number
        return np.maximum(self.absolute_number, self.relative_ratio * np.abs(reference))


# Plans round to about 1e-6 A and solvers keep rows to 1e-7; no meter or fuse resolves a tenth of a milliampere.
CURRENT = Tolerance("A", 1e-4, 0.0)

# 1e-4 A at 230 V is 0.02 W; sums over hundreds of poles reach megawatts, where only a relative margin makes sense.
POWER = Tolerance("W", 0.01, 1e-6)

# 1e-4 kWh, the tolerance between the levels of the objective.
ENERGY = Tolerance("Wh", 0.1, 1e-6)

# 0.01 W, as for power.
PEAK = Tolerance("kW", 1e-5, 1e-6)

# A hundredth of a cent in a hundred; what is left of the plan's rounding over a horizon.
MONEY = Tolerance("EUR", 1e-6, 1e-6)

# Prices are read, not optimised: only the last bits of a mean may differ.
PRICE = Tolerance("EUR/MWh", 1e-6, 1e-9)

# A hundred-thousandth of a shortage's share, about what 0.1 Wh is of 10 kWh.
RATIO = Tolerance("of the energy owed", 1e-5, 1e-6)

# The current's margin over the day of a row that is exceeded all day.
EXCESS = Tolerance("Ah", 1e-3, 1e-6)

# Datetimes hold microseconds; a millisecond of a 100 kW site is 0.03 Wh.
MOMENT = Tolerance("s", 1e-3, 0.0)
STEP_LENGTH = Tolerance("h", 1e-6, 0.0)

# Rounding of the plan's powers may move a peak by this much, which a high price per kW turns into money.
PEAK_ROUNDING_KW = 1e-7

# Whether the fixed load alone breaks a limit is decided without the plan's rounding: only float noise is allowed.
FLOAT_NOISE = 1e-9
