"""Settings for every test: how many random examples the property tests try.

`ci`, the default, tries the same examples every time, so that a red build means the change and not the dice.
`nightly` (script/nightly) draws new ones each night, and prints how to repeat a failure.
"""

import fcntl
import gc
import os
from collections import Counter
from collections.abc import Generator

import pytest
import structlog
from hypothesis import settings

from tests.services.databases import (  # noqa: F401 - fixtures for every test that asks for one
    _postgresql_tables,
    _postgresql_url,
    _sqlite_template,
    database,
    database_url,
    empty_database_url,
    postgres_server,
    postgresql_url,
    sqlite_url,
)
from tests.services.service_case import service, sqlite_service  # noqa: F401 - and two more

settings.register_profile("ci", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("nightly", max_examples=2_000, database=None, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("KWARTIER_HYPOTHESIS_PROFILE", "ci"))

# By itself structlog shows a fault with the variables of every frame, which takes seconds where an app is in one.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on the loop that the service runs on."""
    return "asyncio"


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """In a fresh clone one worker compiles the tests; the others, which want the same files, wait for that."""
    folder = os.open(session.config.rootpath / "tests", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(folder, fcntl.LOCK_SH)
    try:
        return (yield)
    finally:
        os.close(folder)


# Files with tests of ten seconds and more.
LONGEST = {"test_kills.py", "test_schemathesis.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests come first, so that at the end no worker waits for the other; most are in random order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Behind the longest come those that share what takes seconds to start: one worker runs them, and starts it once.

    These are a browser with a service that it looks at, and the simulator acnportal.
    """
    turns = [
        item.path.name in LONGEST,
        "browser" in getattr(item, "fixturenames", ()),
        item.path.parent.name == "acnportal",
        True,
    ]
    return turns.index(True)


def pytest_collection_finish() -> None:
    """What is here when the tests begin stays: to look through it for garbage again and again takes its time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was tried in all: the sums of the whole numbers that passed tests have recorded as properties."""
    sums: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        sums.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    for name, count in sorted(sums.items()):
        terminalreporter.write_line(f"{name}: {count}")
