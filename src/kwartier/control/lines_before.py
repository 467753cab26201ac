"""What the ticks before remember of the lines, and what this one adds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kwartier.control.memory import LineMemory, TickMemory

MINUTE_S = 60.0
# A mean over a minute follows a load's change well within a quarter-hour, and no single motor's start.
MEAN_OVER_S = 60.0


@dataclass(frozen=True)
class LinesBefore:
    """The lines' memory with its minutes moved on, and the time since the last tick (s)."""

    lines: Mapping[tuple[str, str], LineMemory]
    minute_clock_s: float
    elapsed_s: float

    def seen(self, key: tuple[str, str], size: float) -> LineMemory:
        """A line's memory with the size of this moment in it."""
        before = self.lines.get(key)
        if before is None:
            return LineMemory(size, size, size)
        share = 1.0 - float(np.exp(-max(0.0, self.elapsed_s) / MEAN_OVER_S))
        return LineMemory(
            this_minute_size=max(before.this_minute_size, size),
            last_minute_size=before.last_minute_size,
            mean_size=before.mean_size + share * (size - before.mean_size),
            is_violated=before.is_violated,
        )


def lines_before(memory: TickMemory, clock_s: float) -> LinesBefore:
    """The lines as the last tick left them; after a minute the running one becomes the last one."""
    elapsed_s = 0.0 if memory.clock_s is None else clock_s - memory.clock_s
    begun_s = memory.minute_clock_s
    if begun_s is None:
        return LinesBefore(memory.lines, clock_s, elapsed_s)
    if clock_s - begun_s < MINUTE_S:
        return LinesBefore(memory.lines, begun_s, elapsed_s)
    moved = {
        key: LineMemory(-np.inf, line.this_minute_size, line.mean_size, line.is_violated)
        for key, line in memory.lines.items()
    }
    return LinesBefore(moved, clock_s, elapsed_s)
