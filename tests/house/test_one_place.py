"""The one-place rule: what a new device kind or contract kind needs, and where it is missing."""

import pytest

from kwartier.site.contracts import CONTRACT_TYPES
from kwartier.site.devices import DEVICE_TYPES
from kwartier.tariffs.billing.components import LINES_BY_KIND
from kwartier.tariffs.components import GRID_KINDS, LEVY_KINDS
from kwartier.tariffs.marginal import MARGINAL_BY_KIND
from tests.house.project import ROOT

SRC = ROOT / "src" / "kwartier"
DEVICE_ROOMS = ("site/devices", "planning/blocks", "adapters/dashboard/cards")
CONTRACT_ROOMS = ("site/contracts", "tariffs/contracts")
COMPONENT_ROOMS = ("tariffs/components", "tariffs/billing/components", "tariffs/marginal")


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


@pytest.mark.parametrize("kind", [*GRID_KINDS, *LEVY_KINDS])
@pytest.mark.parametrize("room", COMPONENT_ROOMS)
def test_every_component_kind_has_a_file_of_its_name_where_it_is_described_billed_and_planned(
    kind: str, room: str
) -> None:
    assert (SRC / room / f"{kind}.py").is_file(), f"add src/kwartier/{room}/{kind}.py"


def test_every_component_kind_is_billed_and_no_other() -> None:
    files = {path.stem for path in (SRC / "tariffs/billing/components").glob("*.py")} - {"__init__"}
    assert files == {*GRID_KINDS, *LEVY_KINDS}
    assert LINES_BY_KIND.keys() == files - {"cap"}  # which needs the lines of the others


def test_the_marginal_view_asks_the_file_of_each_kind() -> None:
    modules = {kind: marginal.__module__ for kind, marginal in MARGINAL_BY_KIND.items()}
    assert modules == {kind: f"kwartier.tariffs.marginal.{kind}" for kind in (*GRID_KINDS, *LEVY_KINDS)}
