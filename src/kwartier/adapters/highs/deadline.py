"""A deadline on the monotonic clock, with the moment before it at which an answer in reserve is made ready."""

from collections.abc import Callable
from time import monotonic

# Most requests are answered in this share of the time; what is left is ample for a plan without a solver.
RESERVE_SHARE = 0.25


class Deadline:
    """Starts to run when built. `prepare_reserve` is called once, after a quarter, by whoever asks how long to wait."""

    def __init__(self, duration_s: float, prepare_reserve: Callable[[], object]) -> None:
        self.duration_s = duration_s
        self._start_s = monotonic()
        self._end_s = self._start_s + duration_s
        self._reserve_s = self._start_s + RESERVE_SHARE * duration_s
        self._prepare_reserve: Callable[[], object] | None = prepare_reserve

    @property
    def has_passed(self) -> bool:
        """Whether the time is over."""
        return monotonic() >= self._end_s

    @property
    def used_s(self) -> float:
        """The time since the start."""
        return monotonic() - self._start_s

    def next_wait_s(self) -> float:
        """How long one may wait now; makes the reserve ready when its moment has come, which takes a while."""
        if self._prepare_reserve is not None and monotonic() >= self._reserve_s:
            prepare, self._prepare_reserve = self._prepare_reserve, None
            prepare()
        next_s = self._reserve_s if self._prepare_reserve is not None else self._end_s
        return max(0.0, next_s - monotonic())
