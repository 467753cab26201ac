"""What of the policies' orders fits the boards."""

import numpy as np
import pytest

from kwartier.control.wiring import ControlSite, control_site
from kwartier.simulation.fuses import Draw, fitted
from tests.simulation.small_site import recorded


def _site() -> ControlSite:
    return control_site(recorded().configuration)


def _draw(site: ControlSite, name: str, current_a: float, priority: int = 0) -> Draw:
    device = next(one for one in site.devices if one.name == name)
    least_a = 6.0 if device.kind == "ac" else 0.0
    return Draw(name, current_a, least_a, priority, device.phasor_weights(frozenset(device.pins)))


def _load(site: ControlSite, current_a: float) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    return np.array([current_a + 0j if line.board == "grid" else 0j for line in site.lines])


def test_what_fits_is_left_as_it_is() -> None:
    site = _site()
    found = fitted(site, _load(site, 10.0), [_draw(site, "left", 16.0), _draw(site, "right", 20.0)])
    assert found.current_a.tolist() == [16.0, 20.0]
    assert found.line_a.tolist() == pytest.approx(
        [46.0] * 3 + [36.0] * 3
    )  # 10 + 16 + 20 on each phase of the grid


def test_equals_are_cut_equally_by_the_board_of_40_a() -> None:
    site = _site()
    found = fitted(site, _load(site, 0.0), [_draw(site, "left", 32.0), _draw(site, "right", 32.0)])
    assert found.current_a.tolist() == pytest.approx([20.0, 20.0])


def test_a_higher_priority_is_served_first_and_the_other_keeps_its_six_amperes() -> None:
    site = _site()
    found = fitted(
        site, _load(site, 0.0), [_draw(site, "left", 32.0), _draw(site, "right", 32.0, priority=1)]
    )
    assert found.current_a.tolist() == pytest.approx([8.0, 32.0])


def test_a_car_that_would_get_less_than_six_amperes_gets_nothing() -> None:
    site = _site()
    found = fitted(site, _load(site, 55.0), [_draw(site, "left", 32.0), _draw(site, "right", 32.0)])
    assert found.current_a.tolist() == pytest.approx([8.0, 0.0])  # 63 A of the grid less 55


def test_a_discharging_battery_makes_room() -> None:
    site = _site()
    battery = _draw(site, "battery", -5.0)
    found = fitted(site, _load(site, 55.0), [_draw(site, "left", 32.0), battery])
    assert found.current_a.tolist() == pytest.approx([13.0, -5.0])
    assert found.line_a.max() == pytest.approx(63.0)


def test_a_load_that_is_too_large_alone_stops_everything_that_draws() -> None:
    site = _site()
    found = fitted(site, _load(site, 70.0), [_draw(site, "left", 32.0)])
    assert found.current_a.tolist() == [0.0]
    assert found.line_a.max() == pytest.approx(70.0)
