"""Batteries: power within bounds, and the state of charge that follows from it."""

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.result import Report
from kwartier.planning.check.tolerances import ENERGY, POWER
from kwartier.planning.plan import Plan
from kwartier.site.devices.battery_energy_storage_system import BatteryEnergyStorageSystem


def stored_wh_by_battery(facts: Facts, plan: Plan) -> dict[str, FloatArray]:
    """Energy at the end of each step in every battery whose state is known, from the plan's powers."""
    return {
        name: _stored_wh(battery, percent, np.array(plan.devices[name].power_w), facts.grid.hours)
        for name, battery in facts.devices.batteries.items()
        if (percent := facts.initial_percent(name)) is not None
    }


def _stored_wh(
    battery: BatteryEnergyStorageSystem, percent: float, power_w: FloatArray, hours: FloatArray
) -> FloatArray:
    """One net power per step: what is consumed enters with losses, what is delivered leaves with losses."""
    factor = np.where(power_w > 0, battery.charging_efficiency, 1 / battery.discharging_efficiency)
    return percent / 100 * battery.operational_battery_capacity + np.cumsum(hours * power_w * factor)


def check_batteries(facts: Facts, plan: Plan, stored_wh: dict[str, FloatArray], report: Report) -> None:
    """Report powers out of bounds, a state of charge that does not follow, and an unknown battery that works."""
    for name, battery in facts.devices.batteries.items():
        path = f"devices.{name}"
        power_w = np.array(plan.devices[name].power_w)
        said = plan.devices[name].state_of_charge or []
        if name not in stored_wh:
            words = f"battery {name} has an unknown state of charge and must stay idle"
            busy = POWER.exceeds(np.abs(power_w), 0.0)
            report.steps(
                "battery.idle",
                f"{path}.power_w",
                busy,
                words,
                observed=power_w,
                allowed=power_w * 0,
                unit="W",
            )
            known = np.array([percent is not None for percent in said])
            nothing = [None] * len(said)
            words = f"battery {name} has an unknown state of charge"
            report.steps(
                "battery.state_of_charge",
                f"{path}.state_of_charge",
                known,
                words,
                observed=said,
                allowed=nothing,
            )
            continue
        _check_power(battery, power_w, report)
        _check_state(battery, said, stored_wh[name], report)


def _check_power(battery: BatteryEnergyStorageSystem, power_w: FloatArray, report: Report) -> None:
    for words, sign, largest_w in (
        ("charging power", 1.0, battery.maximum_charging_power),
        ("discharging power", -1.0, battery.maximum_discharging_power),
    ):
        report.steps(
            "battery.power",
            f"devices.{battery.name}.power_w",
            POWER.exceeds(sign * power_w, largest_w),
            f"{words} of battery {battery.name}",
            observed=power_w,
            allowed=np.full(len(power_w), sign * largest_w),
            unit="W",
        )


def _check_state(
    battery: BatteryEnergyStorageSystem, said: list[float | None], stored_wh: FloatArray, report: Report
) -> None:
    path = f"devices.{battery.name}.state_of_charge"
    per_percent_wh = battery.operational_battery_capacity / 100
    percent = np.array([np.nan if value is None else value for value in said])
    differs = np.isnan(percent) | ENERGY.differs(percent * per_percent_wh, stored_wh)
    words = f"state of charge of battery {battery.name}"
    expected = stored_wh / per_percent_wh
    report.steps(
        "battery.state_of_charge", path, differs, words, observed=said, allowed=expected, unit="percent"
    )
    full = np.full(len(said), battery.operational_battery_capacity)
    words = f"energy in battery {battery.name}"
    above, below = ENERGY.exceeds(stored_wh, full), ENERGY.exceeds(-stored_wh, 0.0)
    report.steps("battery.bounds", path, above, words, observed=stored_wh, allowed=full, unit="Wh")
    report.steps("battery.bounds", path, below, words, observed=stored_wh, allowed=full * 0, unit="Wh")
