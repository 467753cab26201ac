"""Efficiencies of simulated batteries, which are known."""

import numpy as np
import pytest

from kwartier.simulation.battery import battery_flow
from kwartier.simulation.calibration.battery_efficiency import battery_efficiency
from kwartier.simulation.calibration.blocks import FloatArray
from kwartier.site.devices import BatteryEnergyStorageSystem

CAPACITY_WH = 60_000.0


def lived(
    days: int, *, charging: float, discharging: float, rounded_to_percent: float = 1.0, seed: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Energies, and states of charge as a battery tells them: charged by day and discharged by night."""
    battery = BatteryEnergyStorageSystem.model_validate(
        {
            "name": "battery",
            "collector": "grid",
            "type": "battery_energy_storage_system",
            "charging_efficiency": charging,
            "discharging_efficiency": discharging,
            "maximum_charging_power": 20_000,
            "maximum_discharging_power": 20_000,
            "operational_battery_capacity": CAPACITY_WH,
        }
    )
    random = np.random.default_rng(seed)
    stored_wh, energies_wh, percents = 0.5 * CAPACITY_WH, [], []
    for quarter in range(96 * days):
        sign = 1.0 if 32 <= quarter % 96 < 64 else -1.0
        flow = battery_flow(battery, stored_wh, sign * random.uniform(0, 12_000), 0.25)
        stored_wh = flow.stored_wh
        energies_wh.append(flow.power_w / 4)
        percents.append(round(100 * stored_wh / CAPACITY_WH / rounded_to_percent) * rounded_to_percent)
    return np.array(energies_wh), np.array(percents)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_what_is_suggested_lies_near_the_truth_by_its_own_account(seed: int) -> None:
    found = battery_efficiency(*lived(28, charging=0.92, discharging=0.96, seed=seed), CAPACITY_WH)
    assert found is not None
    # Three standard errors leave one in 370 to chance; and a percent of rounding must not cost a percent of efficiency.
    assert abs(found.charging_efficiency - 0.92) < max(3 * found.charging_error_share, 0.001)
    assert abs(found.discharging_efficiency - 0.96) < max(3 * found.discharging_error_share, 0.001)
    assert found.charging_error_share < 0.01
    assert (found.day_count, found.observation_count) == (28, 28 * 96)


def test_a_document_that_is_wrong_is_contradicted_and_one_that_is_right_is_not() -> None:
    found = battery_efficiency(*lived(28, charging=0.90, discharging=0.90), CAPACITY_WH)
    assert found is not None
    assert found.contradicts(0.95, 0.95)
    assert not found.contradicts(round(found.charging_efficiency, 3), round(found.discharging_efficiency, 3))


def test_more_days_are_surer() -> None:
    short, long = (
        battery_efficiency(*lived(days, charging=0.92, discharging=0.96), CAPACITY_WH) for days in (7, 56)
    )
    assert short is not None
    assert long is not None
    assert long.charging_error_share < short.charging_error_share


def test_quarter_hours_that_are_not_known_are_left_out() -> None:
    energy_wh, percent = lived(14, charging=0.92, discharging=0.96, rounded_to_percent=0.1)
    percent[np.arange(len(percent)) % 96 < 8] = np.nan
    found = battery_efficiency(energy_wh, percent, CAPACITY_WH)
    assert found is not None
    assert found.charging_efficiency == pytest.approx(0.92, abs=0.005)
    assert found.observation_count == 14 * 88


def test_a_few_days_or_a_battery_that_is_only_charged_tell_nothing() -> None:
    assert battery_efficiency(*lived(4, charging=0.92, discharging=0.96), CAPACITY_WH) is None
    flat = np.ones(960)
    assert battery_efficiency(flat, np.linspace(0, 50, 960), CAPACITY_WH) is None
