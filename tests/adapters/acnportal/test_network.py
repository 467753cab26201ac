"""Networks of acnportal as site documents."""

import numpy as np
import pytest

from kwartier.adapters.acnportal.network import (
    UnsayableNetworkError,
    overload_ratios,
    site_configuration,
)
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree
from tests.adapters.acnportal.simulations import infrastructure_of, network


def test_caltech_is_a_three_wire_board_with_two_pods_on_one_pair() -> None:
    described = site_configuration(infrastructure_of(network("caltech", transformer_cap=150)))
    tree = electrical_tree(SiteConfiguration.model_validate(described))
    # 150 kW over three lines at 120 V to neutral are 416.7 A; its pods are fused at 80 A (caltech_acn.py).
    limits_a = {name: board.limit_a for name, board in tree.boards.items()}
    assert limits_a == {"Secondary A": 416, "AV Pod": 80, "CC Pod": 80}
    assert tree.boards["Secondary A"].three_wire
    assert len(described["device_list"]) == 54
    assert sum(pole["collector"] == "AV Pod" for pole in described["device_list"]) == 8


def test_an_office_without_pods_is_one_board() -> None:
    described = site_configuration(infrastructure_of(network("office001")))
    assert [board["name"] for board in described["collector_list"]] == ["Secondary A"]


def test_stations_of_one_angle_are_a_single_phase_site() -> None:
    described = site_configuration(infrastructure_of(network("simple", ["one", "two"], aggregate_cap=10)))
    board = described["collector_list"][0]
    # 10 kW at 208 V are 48.08 A.
    assert (board["1P_3P"], board["phase_voltage"], board["line_current"]) == ("1P", 208, 48)


def test_a_station_of_another_angle_is_refused_by_name() -> None:
    told = infrastructure_of(network("office001"))
    told.phases = np.where(told.phases == 150.0, 149.0, told.phases)
    with pytest.raises(UnsayableNetworkError, match=r"station 03: angle 149 degrees; allowed: 30, -90, 150"):
        site_configuration(told)


def test_overload_is_the_networks_own_judgement_with_the_primary_side() -> None:
    caltech = network("caltech", transformer_cap=150)
    told = infrastructure_of(caltech)
    # Twelve cars on the pair C-A take 384 A: a line carries 416.7, the primary half of them over 180.5 A.
    currents_a = np.array([[32.0 if angle_deg == 150.0 else 0.0] for angle_deg in told.phases])
    currents_a[np.flatnonzero(currents_a[:, 0])[12:]] = 0.0
    assert overload_ratios(told, currents_a)[0] == pytest.approx(384 / 2 / (150_000 / 3 / 277))
    assert not caltech.is_feasible(currents_a)
