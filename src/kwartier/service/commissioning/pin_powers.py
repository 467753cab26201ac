"""The power on each pin of a pole, or phase of a meter, as its readings say it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.service.measurement_row import MeasurementRow
from kwartier.units.phase import PHASES, PINS

FloatArray = npt.NDArray[np.float64]

# A reading that says the current alone stands for this voltage: the nominal one of EN 50160.
NOMINAL_V = 230.0
PLACES = len(PHASES)
_PLACE_BY_NAME = {name: place for names in (PHASES, PINS) for place, name in enumerate(names)}


@dataclass(frozen=True)
class PinPowers:
    """Readings that name pins or phases: times, epoch seconds, shape (n,), rising; power W, shape (n, 3).

    A pin that a reading leaves out carries nothing. `named_indices`: those that were ever named (pin1 or L1 is 0).
    """

    time_s: FloatArray
    power_w: FloatArray
    named_indices: frozenset[int]

    def power_at_w(self, moment_s: FloatArray, within_s: float) -> FloatArray:
        """The power at other moments, between the two readings around each; NaN where none is near, shape (m, 3)."""
        if not len(self.time_s):
            return np.full((len(moment_s), PLACES), np.nan)
        columns = [np.interp(moment_s, self.time_s, self.power_w[:, place]) for place in range(PLACES)]
        found = np.stack(columns, axis=1)
        after = np.clip(np.searchsorted(self.time_s, moment_s), 0, len(self.time_s) - 1)
        before = np.clip(after - 1, 0, None)
        apart_s = np.maximum(np.abs(self.time_s[after] - moment_s), np.abs(moment_s - self.time_s[before]))
        is_at_reading = self.time_s[after] == moment_s
        found[(apart_s > within_s) & ~is_at_reading] = np.nan
        return found


def pin_powers(rows: Iterable[MeasurementRow]) -> PinPowers:
    """The readings of one asset in the order of time; those without pins are left out."""
    times_s, powers_w, named = [], [], set[int]()
    for row in rows:
        told = json.loads(row.pins or "{}")
        if not told:
            continue
        powers = [0.0] * PLACES
        for name, reading in told.items():
            power_w = _power_w(reading)
            if power_w is not None:
                powers[_PLACE_BY_NAME[name]] = power_w
                named.add(_PLACE_BY_NAME[name])
        times_s.append(row.measured_us / 1e6)
        powers_w.append(powers)
    return PinPowers(
        np.array(times_s, dtype=np.float64),
        np.array(powers_w, dtype=np.float64).reshape(-1, PLACES),
        frozenset(named),
    )


def _power_w(reading: dict[str, float]) -> float | None:
    if "powerValue" in reading:
        return reading["powerValue"]
    if "currentValue" in reading:
        return reading["currentValue"] * reading.get("voltageValue", NOMINAL_V)
    return None
