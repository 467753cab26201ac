"""What can be wrong with the data of a series (reliability.md, R57): name, and what it makes of a good history."""

from collections.abc import Callable

import numpy as np

from kwartier.forecasting.power_history import FloatArray

DAY = 96


def _with_last_days(
    days: int, change: Callable[[FloatArray], FloatArray]
) -> Callable[[FloatArray], FloatArray]:
    def changed(power_w: FloatArray) -> FloatArray:
        return np.concatenate([power_w[: -days * DAY], change(power_w[-days * DAY :])])

    return changed


WRONG: dict[str, Callable[[FloatArray], FloatArray]] = {
    "absent": lambda power_w: power_w[:0],
    "absent for 48 h": _with_last_days(2, lambda last_w: np.full_like(last_w, np.nan)),
    "stale for 30 days": _with_last_days(30, lambda last_w: np.full_like(last_w, np.nan)),
    "NaN throughout": lambda power_w: np.full_like(power_w, np.nan),
    "infinite at times": lambda power_w: np.where(np.arange(len(power_w)) % 7 == 0, np.inf, power_w),
    "a thousandfold throughout": lambda power_w: power_w * 1_000.0,
    "a thousandfold of late": _with_last_days(10, lambda last_w: last_w * 1_000.0),
    "flat for two days": _with_last_days(2, lambda last_w: np.full_like(last_w, 1_234.5)),
    "three of five values missing": lambda power_w: np.where(
        np.arange(len(power_w)) % 5 < 3, np.nan, power_w
    ),
    "one day long": lambda power_w: power_w[-DAY:],
}
