"""Every test of supervised planning leaves this process as it found it."""

from collections.abc import Iterator

import pytest

from tests.adapters.highs.planner_case import child_numbers, open_files


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    children, files = child_numbers(), open_files()
    yield
    assert child_numbers() == children, "processes that were not reaped"
    # Garbage of earlier tests may be closed meanwhile: what counts is what was opened and is open still.
    assert open_files().items() <= files.items(), "files that were not closed"
