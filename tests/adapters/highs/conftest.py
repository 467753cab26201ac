"""Every test of supervised planning leaves this process as it found it."""

from collections.abc import Iterator

import pytest

from tests.adapters.highs.planner_case import child_numbers, open_files


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    children, files = child_numbers(), open_files()
    yield
    assert child_numbers() == children, "processes that were not reaped"
    assert open_files() == files, "files that were not closed"
