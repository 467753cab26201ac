"""The port behind which simulations run: on the processors of one machine today, on many tomorrow."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

J = TypeVar("J")
R = TypeVar("R")


class Executor(Protocol):
    """Runs jobs somewhere. Jobs, their function and their results must be such that they can be sent (pickled)."""

    def run(self, work: Callable[[J], R], jobs: Iterable[J]) -> Iterator[tuple[J, R]]:
        """Every job with its result, in the order in which they are done; what a job raises is raised here."""
        ...
