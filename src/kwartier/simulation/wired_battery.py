"""A battery as its connection feels it."""

from dataclasses import dataclass

from kwartier.control.wiring import ControlledDevice
from kwartier.simulation.fuses import ComplexArray
from kwartier.site.devices import BatteryEnergyStorageSystem


@dataclass(frozen=True)
class WiredBattery:
    """A battery, what 1 A on each of its pins is, W, and what that adds to each line, shape (lines,)."""

    battery: BatteryEnergyStorageSystem
    watts_per_ampere: float
    phasor_weights: ComplexArray


def wired(battery: BatteryEnergyStorageSystem, device: ControlledDevice) -> WiredBattery:
    """The battery on all of its pins."""
    pins = frozenset(device.pins)
    return WiredBattery(battery, device.watts_per_ampere(pins), device.phasor_weights(pins))
