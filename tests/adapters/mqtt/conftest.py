"""One broker for all tests of a test process, and clients of two partners."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.mqtt.broker_case import BrokerCase, running_broker


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerCase]:
    """A broker that no test stops; each test has a partner of its own at it."""
    with running_broker(tmp_path_factory.mktemp("broker")) as case:
        yield case


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[BrokerCase]:
    """A broker that the test may kill."""
    with running_broker(tmp_path / "broker") as case:
        yield case
