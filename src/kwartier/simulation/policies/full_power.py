"""What several policies are made of: poles at full power, and a battery that keeps its own connection at zero."""

from collections.abc import Iterable

from kwartier.simulation.observation import Observation, Orders
from kwartier.site.devices import BatteryEnergyStorageSystem, ChargingPole3Phase, DcChargingPole
from kwartier.site.document import SiteConfiguration
from kwartier.site.transaction import Transaction


def full_power(configuration: SiteConfiguration, cars: Iterable[Transaction]) -> Orders:
    """Every pole with a car may give all it can."""
    occupied = {car.asset_id for car in cars}
    current_a: dict[str, float] = {}
    power_w: dict[str, float] = {}
    for device in configuration.device_list:
        if device.name not in occupied:
            continue
        if isinstance(device, ChargingPole3Phase):
            current_a[device.name] = float(device.line_current)
        elif isinstance(device, DcChargingPole):
            power_w[device.name] = device.max_power
    return Orders(current_a, power_w)


def batteries_of(configuration: SiteConfiguration) -> list[BatteryEnergyStorageSystem]:
    """The batteries of a site, in the order of its document."""
    return [one for one in configuration.device_list if isinstance(one, BatteryEnergyStorageSystem)]


def net_load_w(seen: Observation) -> float | None:
    """What the series take together, W; of the last quarter-hour where the running one has not been measured yet.

    None where nothing is known.
    """
    values_w = []
    for name, now_w in seen.series_now_w.items():
        if now_w is not None:
            values_w.append(now_w)
            continue
        history = seen.history_of(name).power_w
        if not len(history):
            return None
        values_w.append(float(history[-1]))
    return sum(values_w)
