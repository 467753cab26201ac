"""The device kinds, one file each, and the union that reads any of them.

To add a kind: a file here with its wire model and `TYPE`, and a line in `DEVICE_MODELS`; the conformance test names the
other places that need one.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from kwartier.site.devices.battery_energy_storage_system import BatteryEnergyStorageSystem
from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase
from kwartier.site.devices.dc_charging_pole import DcChargingPole
from kwartier.site.devices.device import UnknownDevice
from kwartier.site.devices.forecasted_series_3phase import ForecastedSeries3Phase

__all__ = [
    "DEFAULT_TYPE",
    "DEVICE_TYPES",
    "BatteryEnergyStorageSystem",
    "ChargingPole3Phase",
    "DcChargingPole",
    "Device",
    "ForecastedSeries3Phase",
    "UnknownDevice",
]

DEVICE_TYPES: tuple[str, ...] = (
    "charging_pole_3phase",
    "dc_charging_pole",
    "forecasted_series_3phase",
    "battery_energy_storage_system",
)
DEFAULT_TYPE = "charging_pole_3phase"


def _device_tag(value: Any) -> str:
    kind = value.get("type", DEFAULT_TYPE) if isinstance(value, dict) else getattr(value, "type", None)
    return kind if kind in DEVICE_TYPES else "unknown"


Device = Annotated[
    Annotated[ChargingPole3Phase, Tag("charging_pole_3phase")]
    | Annotated[DcChargingPole, Tag("dc_charging_pole")]
    | Annotated[ForecastedSeries3Phase, Tag("forecasted_series_3phase")]
    | Annotated[BatteryEnergyStorageSystem, Tag("battery_energy_storage_system")]
    | Annotated[UnknownDevice, Tag("unknown")],
    Discriminator(_device_tag),
]
"""Any device of `device_list`; without a `type` it is a charging pole."""
