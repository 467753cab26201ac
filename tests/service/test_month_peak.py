"""The month's peak under pressure: a load that jumps within the quarter-hour, and cars that want all that is left."""

import os

import pytest

from tests.control.sites import PHASES
from tests.service.pressed_site import LOAD_W, PEAK_W, PressedSite

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
# A meter of class 1 (EN 50470-3) errs by a hundredth.
METER_RATIO = 0.01


def jumps_in_the_middle(at_s: float) -> float:
    """10 kW more from the sixth to the eleventh minute: 1 kWh of the quarter-hour's five."""
    return LOAD_W + (10_000.0 if 300.0 <= at_s < 660.0 else 0.0)


def jumps_at_the_end(at_s: float) -> float:
    """14 kW more in the last three minutes: after 700 s at 20 kW all but 78 Wh of what is left."""
    return LOAD_W + (14_000.0 if 700.0 <= at_s < 880.0 else 0.0)


def test_a_jump_within_the_quarter_hour_is_made_good_within_it() -> None:
    count = 6 if IS_NIGHTLY else 1
    site = PressedSite(jumps_in_the_middle)
    quarters = list(site.quarters(count))
    assert [one.planned_w for one in quarters] == pytest.approx([PEAK_W] * count, rel=1e-5)
    assert all(one.reached_w <= one.planned_w for one in quarters), quarters
    # The load takes 10 kW of the 20 on average; the cars get most of what it leaves, 2.5 kWh a quarter-hour.
    assert sum(site.charged_wh.values()) >= 0.85 * count * 2_500.0


def test_without_a_jump_the_planned_peak_is_used() -> None:
    (quarter,) = PressedSite(lambda _: LOAD_W).quarters(1)
    assert 0.95 * PEAK_W <= quarter.reached_w <= quarter.planned_w


def test_a_jump_that_leaves_hardly_anything_exceeds_the_peak_by_less_than_a_meter_errs() -> None:
    (quarter,) = PressedSite(jumps_at_the_end).quarters(1)
    assert quarter.reached_w <= (1.0 + METER_RATIO) * quarter.planned_w


def jumps_on_one_phase(at_s: float) -> float:
    """4 kW more on L1 from the third to the eighth minute: a third of a kWh of the 1.67 that its peak of 6.67 kW is."""
    return LOAD_W + (4_000.0 if 180.0 <= at_s < 480.0 else 0.0)


def test_each_phases_peak_is_held_where_each_phase_has_its_price() -> None:
    (quarter,) = PressedSite(jumps_on_one_phase, jumps_on=["L1"], peak_price=4.5).quarters(1)
    assert quarter.planned_w_by_phase == pytest.approx(dict.fromkeys(PHASES, PEAK_W / 3.0), rel=0.01)
    for phase, planned_w in quarter.planned_w_by_phase.items():
        assert quarter.reached_w_by_phase[phase] <= planned_w, phase
    # What is left of L1 the cars get, and with it as much of the other phases.
    assert quarter.reached_w_by_phase["L1"] >= 0.9 * PEAK_W / 3.0
