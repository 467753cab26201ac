"""What the service needs not is kept out while it is imported, and is there again afterwards."""

import importlib
import sys

import pytest

from kwartier.app.lean_imports import UNUSED, lean_imports


@pytest.mark.parametrize("name", UNUSED)
def test_what_is_unused_is_not_to_be_had_within_the_block_only(name: str) -> None:
    before = importlib.import_module(name)
    with lean_imports(), pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)
    assert importlib.import_module(name) is before


def test_what_was_not_loaded_can_be_loaded_afterwards() -> None:
    before = sys.modules.pop("requests", None)
    try:
        with lean_imports():
            pass
        assert "requests" not in sys.modules
    finally:
        if before is not None:
            sys.modules["requests"] = before
