"""The one-place rule: what a new device kind or contract kind needs, and where it is missing."""

import pytest

from kwartier.site.contracts import CONTRACT_TYPES
from kwartier.site.devices import DEVICE_TYPES
from tests.house.project import ROOT

SRC = ROOT / "src" / "kwartier"
DEVICE_ROOMS = ("site/devices", "planning/blocks")
CONTRACT_ROOMS = ("site/contracts", "tariffs/contracts")


@pytest.mark.parametrize("kind", DEVICE_TYPES)
@pytest.mark.parametrize("room", DEVICE_ROOMS)
def test_every_device_kind_has_a_file_of_its_name_in_every_room_that_knows_kinds(
    kind: str, room: str
) -> None:
    assert (SRC / room / f"{kind}.py").is_file(), f"add src/kwartier/{room}/{kind}.py"


@pytest.mark.parametrize("kind", CONTRACT_TYPES)
@pytest.mark.parametrize("room", CONTRACT_ROOMS)
def test_every_contract_kind_has_a_file_of_its_name_in_both_rooms(kind: str, room: str) -> None:
    assert (SRC / room / f"{kind}.py").is_file(), f"add src/kwartier/{room}/{kind}.py"


def test_no_device_file_stands_outside_the_list_of_kinds() -> None:
    shared = {"__init__", "device"}
    files = {path.stem for path in (SRC / "site" / "devices").glob("*.py")} - shared
    assert files == set(DEVICE_TYPES)
