"""A server for the tests that need a real one and leave it as they found it."""

from collections.abc import Iterator

import pytest

from tests.services.running_service import RunningService, running_service


@pytest.fixture(scope="session")
def http_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The service in a process of its own, on an embedded database."""
    with running_service(tmp_path_factory.mktemp("data")) as found:
        yield found
