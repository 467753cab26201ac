"""A site whose cars take any current."""

from typing import Any

import pytest

from kwartier.simulation.any_current import with_any_current
from kwartier.simulation.simulate import simulate
from kwartier.site.devices import DcChargingPole
from tests.simulation.small_site import car, period, recorded


def test_poles_keep_their_power_and_single_phase_cars_theirs() -> None:
    twin = with_any_current(recorded(car("left", 8, 24, phase_count=1)))
    poles = [one for one in twin.configuration.device_list if isinstance(one, DcChargingPole)]
    # 32 A on three phases at 230 V, and on one.
    assert [pole.max_power for pole in poles] == [22_080.0, 22_080.0]
    assert [one.largest_w for one in twin.cars] == [7_360.0]


def test_a_need_below_six_amperes_is_spread_only_where_any_current_is_taken() -> None:
    # 5.52 kWh in 8 h, on a connection that prices its peak: even would be 690 W, 6 A on three phases are 4.14 kW.
    peak: dict[str, Any] = {"peak_minimization": {"active": True, "peak_price": 100.0}}
    site = recorded(car("left", 0, 8, requested_wh=5_520.0), battery=False, **peak)
    spread, stepped = (
        simulate(site, period(0.375), name).peak_w("grid")
        for name in ("receding_horizon_any_current", "receding_horizon_lent_peak")
    )
    assert spread == pytest.approx(3_000 + 690, abs=20)
    assert stepped > spread
