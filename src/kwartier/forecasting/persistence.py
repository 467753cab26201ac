"""What of the last error is left some quarter-hours later, as the series' own last days tell.

A fixed decay helps smooth series and spoils spiky ones (forecasting.md); the regression of an error on the one some
quarter-hours before it is 0 by itself where errors do not last.
"""

import numpy as np

from kwartier.forecasting.power_history import BoolArray, FloatArray

# forecasting.md: the correction helps in the first 6 h.
LONGEST_LEAD_QUARTERS = 24
# A day's worth of pairs; fewer tell little.
LEAST_PAIRS_COUNT = 96


def lasting_shares(error_w: FloatArray) -> FloatArray:
    """The share (0 to 1) of an error that is left 1, 2 … 24 quarter-hours later, shape (24,).

    `error_w` holds errors of consecutive quarter-hours, NaN where not known, shape (n,).
    """
    # Only the last days are judged: what lies before the first known error tells nothing.
    known = np.flatnonzero(~np.isnan(error_w))
    judged_w = error_w[known[0] :] if len(known) else error_w
    is_known = ~np.isnan(judged_w)
    return np.array([_share(judged_w, is_known, lead) for lead in range(1, LONGEST_LEAD_QUARTERS + 1)])


def _share(error_w: FloatArray, is_known: BoolArray, lead_quarters: int) -> float:
    are_known = is_known[:-lead_quarters] & is_known[lead_quarters:]
    earlier_w, later_w = error_w[:-lead_quarters][are_known], error_w[lead_quarters:][are_known]
    if len(earlier_w) < LEAST_PAIRS_COUNT:
        return 0.0
    square = float((earlier_w**2).sum())
    if square == 0.0:
        return 0.0
    return min(1.0, max(0.0, float((earlier_w * later_w).sum()) / square))


def share_of_leads(shares: FloatArray, lead_quarters: FloatArray) -> FloatArray:
    """The share left at each lead, in quarter-hours, 1 or more; 0 beyond the longest."""
    return np.append(shares, 0.0)[np.minimum(lead_quarters, len(shares) + 1).astype(np.int64) - 1]
