"""What the operator's commands work with."""

from collections.abc import Iterator
from contextlib import contextmanager

from kwartier.adapters.sql import schema
from kwartier.app.settings import load_settings
from kwartier.app.wiring import wired
from kwartier.service.ports import Ports


@contextmanager
def operating() -> Iterator[Ports]:
    """The ports of the deployment that the settings describe, its database at the newest schema."""
    with wired(load_settings()) as service:
        schema.upgrade(service.database)
        yield service.ports
