"""Observations cut into days, which are as good as independent; within a day errors follow each other."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
DAY_QUARTERS = 96
# Standard errors from fewer blocks than this say nothing.
LEAST_BLOCKS = 5


def known_blocks(is_known: BoolArray, least_size: int) -> Iterator[slice]:
    """Days of quarter-hours, cut where something is not known; those of at least so many quarter-hours."""
    for day in range(0, len(is_known), DAY_QUARTERS):
        edges = np.flatnonzero(np.diff(np.r_[0, is_known[day : day + DAY_QUARTERS].astype(int), 0]))
        for first, end in edges.reshape(-1, 2).tolist():
            if end - first >= least_size:
                yield slice(day + first, day + end)
