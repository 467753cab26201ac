"""The port to durable writing of measurements."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from kwartier.service.measurement_row import MeasurementRow, RowOutcome


@dataclass(frozen=True)
class QueueFull:
    """So many rows wait to be written that no more are taken; nothing of the request was."""


class MeasurementWriter(Protocol):
    """Writes the rows of many requests together, in the order in which they come."""

    def submit(self, rows: Sequence[MeasurementRow]) -> "Future[list[RowOutcome]] | QueueFull":
        """Hand rows over. The future holds the outcome of each once they are durable, or the fault that kept them out.

        All rows of one call are stored, or none. Safe to call from any thread and from an event loop: it never blocks.
        """
        ...
