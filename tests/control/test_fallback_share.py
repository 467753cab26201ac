from typing import Any

import pytest

from kwartier.control.fallback_share import FallbackShare, fallback_share, largest_share_a
from kwartier.site.devices import ChargingPole3Phase
from kwartier.site.document import SiteConfiguration

PHASES = ["L1", "L2", "L3"]


def pole(
    name: str, collector: str = "main", phases: list[str] | None = None, rating_a: int = 32
) -> dict[str, Any]:
    on = phases or PHASES
    pins = ["pin1", "pin2", "pin3"][: len(on)]
    return {
        "name": name,
        "collector": collector,
        "type": "charging_pole_3phase",
        "line_current": rating_a,
        "pin_to_phase_mapping": {"pin_list": pins, "phase_list": on},
    }


def series(kind: str, rating_a: int, collector: str = "main") -> dict[str, Any]:
    return {
        "name": kind,
        "collector": collector,
        "type": "forecasted_series_3phase",
        "line_current": rating_a,
        "forecast_type": kind,
    }


def share_of(
    devices: list[dict[str, Any]], limit_a: int = 100, *boards: dict[str, Any], v: int = 400
) -> FallbackShare:
    root = {
        "name": "main",
        "line_current": limit_a,
        "line_voltage": v,
        "children": [board["name"] for board in boards],
    }
    return fallback_share(
        SiteConfiguration.model_validate({"device_list": devices, "collector_list": [root, *boards]})
    )


def test_the_room_is_shared_equally_beside_the_load_at_its_rating() -> None:
    found = share_of([series("load", 40), *(pole(f"p{number}") for number in range(4))])
    assert found.current_a == (100 - 40) / 4


def test_solar_makes_no_room() -> None:
    found = share_of([series("pv", 80), *(pole(f"p{number}") for number in range(4))])
    assert found.current_a == 25.0  # 100 A among four


def test_the_tightest_board_decides_for_all() -> None:
    sub = {"name": "sub", "line_current": 20}
    assert share_of([pole("p0"), pole("p1", "sub"), pole("p2", "sub")], 100, sub).current_a == 10.0


def test_only_poles_on_the_same_phase_share_it() -> None:
    devices = [pole("p0", phases=["L1"]), pole("p1", phases=["L2"]), pole("p2", phases=["L2"])]
    assert share_of(devices, 40).current_a == 20.0  # L2 has two of 40 A


def test_phases_are_followed_through_the_rotation_of_a_board() -> None:
    sub = {
        "name": "sub",
        "line_current": 63,
        "phase_permutations": {"parent": ["L2", "L3", "L1"], "child": PHASES},
    }
    devices = [pole("p0", phases=["L2"]), pole("p1", "sub", ["L1"])]  # both hang on L2 of the root
    assert share_of(devices, 40, sub).current_a == 20.0


def test_less_than_six_amperes_is_nothing() -> None:
    assert share_of([pole(f"p{number}") for number in range(5)], 30).current_a == 6.0
    assert share_of([pole(f"p{number}") for number in range(6)], 30).current_a == 0.0


def test_a_pole_takes_no_more_than_its_rating_and_leaves_the_rest() -> None:
    found = share_of([pole("p0", rating_a=16), pole("p1")], 48)
    assert found.current_a == 32.0
    small = ChargingPole3Phase.model_validate(pole("p0", rating_a=16))
    assert found.pin_current_a(small) == 16.0
    assert found.pin_current_a(ChargingPole3Phase.model_validate(pole("p", rating_a=5))) == 0.0


def test_a_dc_pole_shares_in_current_and_is_told_in_power() -> None:
    dc = {"name": "dc", "collector": "main", "type": "dc_charging_pole", "max_power": 150_000}
    found = share_of([dc, pole("p0", rating_a=80)], 100)
    assert found.current_a == 50.0
    assert found.power_w_by_pole["dc"] == pytest.approx(3**0.5 * 400 * 50.0)  # three phases of 400 V / √3


def test_a_load_beyond_the_limit_is_named_and_nothing_is_shared() -> None:
    found = share_of([series("load", 120), pole("p0")])
    assert (found.current_a, found.unproven_boards) == (0.0, ("main",))


def test_on_three_wires_a_load_counts_on_both_of_its_lines() -> None:
    devices = [pole("p0", phases=["L1"]), pole("p1", phases=["L2"])]  # L1–L2 and L2–L3: line L2 carries both
    assert share_of(devices, 40, v=230).current_a == 20.0


def test_a_site_without_poles_shares_nothing() -> None:
    assert share_of([series("load", 40)]).current_a == 0.0


@pytest.mark.parametrize(
    ("room_a", "ratings_a", "share_a"),
    [(0.0, [16.0], 0.0), (100.0, [16.0, 16.0], 16.0), (30.0, [8.0, 16.0, 16.0], 11.0), (5.0, [], 0.0)],
)
def test_the_largest_share(room_a: float, ratings_a: list[float], share_a: float) -> None:
    assert largest_share_a(room_a, ratings_a) == share_a
