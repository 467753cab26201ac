"""One device at a moment, and in one word what it does."""

from datetime import datetime

from kwartier.control.setpoint import Setpoint
from kwartier.service.watching.site_now import DeviceNow, DeviceState, Reading
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    Device,
    ForecastedSeries3Phase,
)
from kwartier.site.transaction import Transaction

# Below this a pole or a battery only runs its own electronics.
NOTEWORTHY_W = 100.0


def device_now(
    device: Device,
    reading: Reading | None,
    setpoint: Setpoint | None,
    car: Transaction | None,
    now: datetime,
) -> DeviceNow:
    """The device with its state; without a fresh reading only a pole without a car is known to be free."""
    power_w = reading.power_w if reading is not None and reading.is_fresh(now) else None
    return DeviceNow(
        name=device.name,
        kind=str(device.type),
        board=device.collector,
        state=_state(device, power_w, car),
        reading=reading,
        setpoint=setpoint,
        car=car,
        forecast_type=device.forecast_type if isinstance(device, ForecastedSeries3Phase) else None,
    )


def _state(device: Device, power_w: float | None, car: Transaction | None) -> DeviceState:
    match device:
        case ChargingPole3Phase() | DcChargingPole():
            return _pole_state(power_w, car)
        case BatteryEnergyStorageSystem() if power_w is not None:
            if abs(power_w) < NOTEWORTHY_W:
                return "resting"
            return "charging" if power_w > 0 else "discharging"
        case ForecastedSeries3Phase() if power_w is not None:
            return "running"
        case _:
            return "unknown"


def _pole_state(power_w: float | None, car: Transaction | None) -> DeviceState:
    if power_w is not None and power_w >= NOTEWORTHY_W:
        return "charging"
    if car is None:
        return "free"
    if car.transaction_state == "SuspendedEV":
        return "paused"
    return "waiting" if power_w is not None else "unknown"
