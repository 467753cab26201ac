"""A battery: what it takes or gives of what it is told, and what is left in it."""

from typing import NamedTuple

from kwartier.site.devices import BatteryEnergyStorageSystem


class BatteryFlow(NamedTuple):
    """The mean power at the AC side, W, negative when discharging, and what is stored afterwards, Wh."""

    power_w: float
    stored_wh: float


def battery_flow(
    battery: BatteryEnergyStorageSystem, stored_wh: float, told_w: float, duration_h: float
) -> BatteryFlow:
    """What happens in `duration_h`, within its powers, and until it is full or empty.

    Charging, `charging_efficiency` of the energy arrives; discharging, as much of what leaves it does.
    """
    if told_w >= 0:
        room_w = (battery.operational_battery_capacity - stored_wh) / battery.charging_efficiency / duration_h
        power_w = min(told_w, battery.maximum_charging_power, max(0.0, room_w))
        return BatteryFlow(power_w, stored_wh + power_w * duration_h * battery.charging_efficiency)
    left_w = stored_wh * battery.discharging_efficiency / duration_h
    given_w = min(-told_w, battery.maximum_discharging_power, left_w)
    left_wh = max(0.0, stored_wh - given_w * duration_h / battery.discharging_efficiency)
    return BatteryFlow(-given_w, left_wh)
