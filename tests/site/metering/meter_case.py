"""Meters for the tests: a load that takes a steady power, read every minute from a clock quarter-hour on."""

from dataclasses import replace

import numpy as np

from kwartier.site.metering.readings import FloatArray, Readings

START_S = 1_740_988_800.0  # 2025-03-03T08:00:00Z
MINUTE_S = 60.0


def steady(minutes: int, power_w: float = 3_000.0, first_wh: float = 5_000_000.0) -> Readings:
    """`minutes` gaps of one minute; at 3 kW the total rises by 50 Wh in each."""
    count = np.arange(minutes + 1, dtype=np.float64)
    return Readings(
        START_S + count * MINUTE_S, first_wh + count * power_w / 60.0, np.full(minutes + 1, power_w)
    )


def with_totals(readings: Readings, energy_total_wh: FloatArray) -> Readings:
    """The same readings with other totals."""
    return replace(readings, energy_total_wh=energy_total_wh)
