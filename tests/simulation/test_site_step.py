"""The physics of a simulated site, by cases that can be worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kwartier.control.setpoint import Setpoint
from kwartier.simulation.car import Car
from kwartier.simulation.simulated_site import SimulatedSite, SiteState, first_state
from kwartier.simulation.site_step import SiteStep, site_step
from kwartier.site.document import SiteConfiguration

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)


def pole(name: str, phases: Sequence[str] = ("L1", "L2", "L3"), collector: str = "board") -> dict[str, Any]:
    mapping = {"pin_list": ["pin1", "pin2", "pin3"][: len(phases)], "phase_list": list(phases)}
    return {
        "name": name,
        "collector": collector,
        "line_current": 32,
        "pin_to_phase_mapping": mapping,
    }


BATTERY = {
    "name": "battery",
    "collector": "main",
    "type": "battery_energy_storage_system",
    "charging_efficiency": 0.9,
    "discharging_efficiency": 0.8,
    "maximum_charging_power": 10_000,
    "maximum_discharging_power": 8_000,
    "operational_battery_capacity": 20_000,
}


def site_of(devices: list[dict[str, Any]], *cars: Car) -> SimulatedSite:
    """A main board, and below it a board whose L1 hangs on the main board's L2, its L2 on L3, its L3 on L1."""
    turned = {"parent": ["L2", "L3", "L1"], "child": ["L1", "L2", "L3"]}
    board = {"name": "board", "line_current": 100, "phase_permutations": turned}
    main = {"name": "main", "line_current": 160, "phase_voltage": 230, "children": [board]}
    configuration = SiteConfiguration.model_validate({"device_list": devices, "collector_list": [main]})
    return SimulatedSite(configuration, ZoneInfo("Europe/Brussels"), lambda _: cars)


def car(
    asset_id: str = "pole", *, requested_wh: float = 50_000.0, phase_count: int = 3, hours: float = 3
) -> Car:
    return Car("t1", asset_id, NOON, NOON + timedelta(hours=hours), requested_wh, 22_080.0, phase_count)


def setpoint(
    asset_id: str, *, current_a: float | None = None, power_w: float | None = None, minutes: int = 5
) -> Setpoint:
    return Setpoint(
        asset_id=asset_id,
        plan_id=None,
        valid_from=NOON,
        valid_until=NOON + timedelta(minutes=minutes),
        max_current=current_a,
        power=power_w,
        fallback_current=6.0,
        fallback_power=0.0,
        rung="optimal",
        reason="told",
    )


def after(
    site: SimulatedSite,
    *told: Setpoint,
    step: timedelta = QUARTER,
    count: int = 1,
    state: SiteState | None = None,
) -> SiteStep:
    begun = state or first_state(site, NOON)
    setpoints = {one.asset_id: one for one in told}
    for _ in range(count - 1):
        begun = site_step(site, begun, begun.at + step, setpoints).state
    return site_step(site, begun, begun.at + step, setpoints)


def power_w(step: SiteStep, asset_id: str) -> float:
    return next(one.power_value for one in step.measurements if one.asset_id == asset_id)


def phases_w(step: SiteStep, asset_id: str) -> dict[str, float | None]:
    found = next(one for one in step.measurements if one.asset_id == asset_id)
    return {pin: reading.power_value for pin, reading in (found.pins or {}).items()}


def test_a_car_at_16_a_on_three_pins_has_2760_wh_after_a_quarter_hour() -> None:
    step = after(site_of([pole("pole")], car()), setpoint("pole", current_a=16.0))
    assert step.state.charged_wh["t1"] == pytest.approx(16 * 230 * 3 / 4)
    reading = next(one for one in step.measurements if one.asset_id == "pole")
    assert (reading.energy_value, reading.power_value) == pytest.approx((2_760, 11_040))
    assert reading.pins is not None
    assert reading.pins["pin1"].current_value == pytest.approx(16.0)


def test_less_than_6_a_is_nothing() -> None:
    assert power_w(after(site_of([pole("pole")], car()), setpoint("pole", current_a=5.9)), "pole") == 0.0


def test_a_setpoint_that_begins_within_the_step_is_obeyed_in_it() -> None:
    # The message was heard before the step; to fall back for one reading would be a dip that no pole has.
    told = setpoint("pole", current_a=16.0).model_copy(update={"valid_from": NOON + MINUTE})
    assert power_w(after(site_of([pole("pole")], car()), told), "pole") == pytest.approx(11_040)


def test_one_that_begins_after_the_step_leaves_the_fallback() -> None:
    told = setpoint("pole", current_a=16.0).model_copy(update={"valid_from": NOON + QUARTER + MINUTE})
    # With one pole the fallback is what its board leaves: all that the pole may take.
    site = site_of([pole("pole")], car())
    fallback_a = site.fallback.current_a
    assert fallback_a > 16.0
    assert power_w(after(site, told), "pole") == pytest.approx(min(fallback_a, 32.0) * 690)


def test_energies_of_cars_that_left_are_not_kept() -> None:
    # Else a month of cars would be carried from step to step.
    site = site_of([pole("pole")], car(hours=0.5))
    step = after(site, setpoint("pole", current_a=16.0), count=2)
    assert [one.transaction_state for one in step.transactions] == ["Ended"]
    assert step.transactions[0].energy_charged == pytest.approx(2_760)
    assert step.state.charged_wh == {}


def test_a_setpoint_that_has_passed_leaves_the_fallback() -> None:
    site = site_of([pole("pole")], car())
    told = setpoint("pole", current_a=16.0, minutes=5)
    assert power_w(after(site, told, step=MINUTE, count=5), "pole") == pytest.approx(16 * 690)
    assert power_w(after(site, told, step=MINUTE, count=6), "pole") == pytest.approx(6 * 690)


def test_a_pole_that_never_heard_anything_takes_the_proven_share() -> None:
    # Three poles of 32 A each on a board of 100 A: all may have their rating; with a fourth, 25 A.
    assert power_w(after(site_of([pole("pole")], car())), "pole") == pytest.approx(32 * 690)
    four = [pole(name) for name in ("pole", "b", "c", "d")]
    assert power_w(after(site_of(four, car())), "pole") == pytest.approx(25 * 690)


def test_a_car_takes_less_in_the_last_tenth_and_stops_when_it_is_full() -> None:
    site = site_of([pole("pole")], car(requested_wh=10_000))
    told = setpoint("pole", current_a=32.0, minutes=300)
    begun = first_state(site, NOON)
    nearly = SiteState(NOON, begun.stored_wh, charged_wh={"t1": 9_500.0})
    # Half of its last tenth is missing: half of its 32 A.
    assert power_w(after(site, told, step=MINUTE, state=nearly), "pole") == pytest.approx(16 * 690)
    full = after(site, told, step=MINUTE, count=60)
    assert full.state.charged_wh["t1"] == pytest.approx(10_000)
    assert power_w(full, "pole") == 0.0


def test_a_pin_loads_the_phase_that_it_hangs_on_all_the_way_up() -> None:
    # Pin 1 hangs on L3 of the board, and that on L1 of the main board.
    site = site_of([pole("pole", ("L3", "L1", "L2"))], car(phase_count=1))
    step = after(site, setpoint("pole", current_a=10.0))
    assert phases_w(step, "pole") == {"pin1": 2_300.0, "pin2": 0.0, "pin3": 0.0}
    assert phases_w(step, "board") == {"L1": 0.0, "L2": 0.0, "L3": 2_300.0}
    assert phases_w(step, "main") == {"L1": 2_300.0, "L2": 0.0, "L3": 0.0}


def test_a_battery_loses_on_the_way_in_and_on_the_way_out() -> None:
    site = site_of([BATTERY])
    charged = after(site, setpoint("battery", power_w=4_000.0))
    assert charged.state.stored_wh["battery"] == pytest.approx(10_000 + 1_000 * 0.9)
    drawn = after(site, setpoint("battery", power_w=-4_000.0))
    assert drawn.state.stored_wh["battery"] == pytest.approx(10_000 - 1_000 / 0.8)


def test_a_battery_keeps_to_its_powers_and_stops_when_full_or_empty() -> None:
    site = site_of([BATTERY])
    assert power_w(after(site, setpoint("battery", power_w=50_000.0)), "battery") == 10_000
    assert power_w(after(site, setpoint("battery", power_w=-50_000.0)), "battery") == -8_000
    almost = SiteState(NOON, {"battery": 19_100.0})
    # 900 Wh of room take 1000 Wh: 4000 W for a quarter-hour.
    full = after(site, setpoint("battery", power_w=9_000.0), state=almost)
    assert power_w(full, "battery") == pytest.approx(4_000)
    assert full.state.stored_wh["battery"] == pytest.approx(20_000)


def test_a_board_measures_the_sum_of_everything_below_it() -> None:
    solar = {"name": "sun", "collector": "board", "type": "forecasted_series_3phase", "line_current": 20}
    site = site_of([pole("pole"), BATTERY, solar | {"forecast_type": "pv"}], car())
    step = after(site, setpoint("pole", current_a=16.0), setpoint("battery", power_w=-3_000.0))
    assert power_w(step, "sun") < 0
    below_w = power_w(step, "pole") + power_w(step, "sun")
    assert power_w(step, "board") == pytest.approx(below_w)
    assert power_w(step, "main") == pytest.approx(below_w - 3_000)


def test_a_transaction_starts_is_suspended_when_full_and_ends() -> None:
    site = site_of([pole("pole")], car(requested_wh=100, hours=0.1))
    told = setpoint("pole", current_a=32.0)
    state, said = first_state(site, NOON), []
    for _ in range(10):
        step = site_step(site, state, state.at + MINUTE, {"pole": told})
        said += [(one.transaction_state, one.energy_charged) for one in step.transactions]
        state = step.state
    assert [name for name, _ in said] == ["Started", "SuspendedEV", "Ended"]
    assert said[-1][1] == pytest.approx(100)


def test_time_goes_forward() -> None:
    site = site_of([])
    with pytest.raises(ValueError, match="forward"):
        site_step(site, first_state(site, NOON), NOON, {})
