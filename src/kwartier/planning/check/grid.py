"""The steps that a plan of a request must have, counted here again from the request alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.request import PlanRequest
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration

FloatArray: TypeAlias = npt.NDArray[np.float64]
IndexArray: TypeAlias = npt.NDArray[np.intp]
Month: TypeAlias = tuple[int, int]

QUARTER_S = 900.0
HOUR_S = 3600.0
DAY_S = 86400.0
MIXED_FROM_S = 12 * HOUR_S
EXECUTED_STEPS = 2


@dataclass(frozen=True)
class Grid:
    """The n steps of a plan and the quarter-hours inside them ("pieces"; an hourly step has up to four, others one).

    Moments in seconds since 1970 UTC, lengths in hours. `piece_step` is each piece's step, `first_piece_index` each
    step's first piece: `np.maximum.reduceat(x, grid.first_piece_index)` is the largest value of each step. `months` is
    the local (year, month) of each step's start.
    """

    start_s: FloatArray
    hours: FloatArray
    piece_start_s: FloatArray
    piece_hours: FloatArray
    piece_step: IndexArray
    first_piece_index: IndexArray
    months: list[Month]

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return len(self.start_s)

    @property
    def horizon_end_s(self) -> float:
        """The end of the last step."""
        return float(self.start_s[-1] + self.hours[-1] * HOUR_S)

    @property
    def executed_end_s(self) -> float:
        """The end of the executed steps, the first two."""
        return float(self.start_s[1] + self.hours[1] * HOUR_S)

    def share(self, from_s: float, to_s: float) -> FloatArray:
        """The part of each step (0 to 1) that lies between two moments."""
        ends_s = self.start_s + self.hours * HOUR_S
        overlap_s = np.minimum(ends_s, to_s) - np.maximum(self.start_s, from_s)
        return np.clip(overlap_s / (self.hours * HOUR_S), 0.0, 1.0)


def optimisation_of(request: PlanRequest) -> OptimizationConfiguration:
    """The request's optimisation settings, or the defaults."""
    return request.site.configurations.optimization_configuration or OptimizationConfiguration()


def build_grid(request: PlanRequest, zone: ZoneInfo) -> Grid:
    """The grid of a request. Raises UnusableRequestError for an unknown horizon."""
    horizon = optimisation_of(request).planning_horizon
    if horizon not in HORIZON_DAYS_BY_NAME:
        raise UnusableRequestError(f"planning_horizon {horizon!r} is unknown")
    at_s = request.at.timestamp()
    end_s = at_s + HORIZON_DAYS_BY_NAME[horizon] * DAY_S
    pieces = _boundaries(at_s, end_s, QUARTER_S)
    steps = pieces
    if request.options.resolution == "mixed":
        hourly_from_s = np.ceil((at_s + MIXED_FROM_S) / HOUR_S) * HOUR_S
        steps = [moment for moment in pieces if moment < hourly_from_s]
        steps += _boundaries(float(hourly_from_s), end_s, HOUR_S)
    starts, ends = np.array(steps[:-1]), np.array(steps[1:])
    piece_starts, piece_ends = np.array(pieces[:-1]), np.array(pieces[1:])
    return Grid(
        start_s=starts,
        hours=(ends - starts) / HOUR_S,
        piece_start_s=piece_starts,
        piece_hours=(piece_ends - piece_starts) / HOUR_S,
        piece_step=np.searchsorted(starts, piece_starts, side="right") - 1,
        first_piece_index=np.searchsorted(piece_starts, starts),
        months=[_month(moment, zone) for moment in steps[:-1]],
    )


def _boundaries(from_s: float, to_s: float, length_s: float) -> list[float]:
    """`from_s`, every multiple of the length strictly between the two, and `to_s`."""
    moments, moment = [from_s], (from_s // length_s + 1) * length_s
    while moment < to_s:
        moments.append(moment)
        moment += length_s
    return [*moments, to_s]


def _month(moment_s: float, zone: ZoneInfo) -> Month:
    local = datetime.fromtimestamp(moment_s, UTC).astimezone(zone)
    return local.year, local.month
