"""All that can be suggested about a site from its intervals: what was planned, and what was measured."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kwartier.simulation.calibration.battery_efficiency import BatteryEfficiency, battery_efficiency
from kwartier.simulation.calibration.blocks import FloatArray
from kwartier.simulation.calibration.car_response import CarResponse, car_response
from kwartier.simulation.calibration.forecast_bias import ForecastBias, forecast_bias
from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.document import SiteConfiguration
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S

LEAST_CURRENT_A = 6.0


@dataclass(frozen=True)
class Interval:
    """A quarter-hour of an asset; what is not known, or does not concern its kind, is None.

    `charge_percent` is a battery's at the end of it; `offered_a` and `taken_a` are those of a pole's pin in a steady
    state while the car wanted energy; `car` tells cars at a pole from each other.
    """

    start: datetime
    asset_id: str
    planned_w: float | None = None
    actual_w: float | None = None
    charge_percent: float | None = None
    offered_a: float | None = None
    taken_a: float | None = None
    car: str | None = None


@dataclass(frozen=True)
class SiteCalibration:
    """Suggestions by battery, by series and by car (its name, else its pole's); None: too little to go by."""

    efficiency_by_battery: Mapping[str, BatteryEfficiency | None]
    bias_by_series: Mapping[str, ForecastBias | None]
    response_by_car: Mapping[str, CarResponse]


def calibrate(configuration: SiteConfiguration, intervals: Iterable[Interval]) -> SiteCalibration:
    """What the intervals suggest about the devices of a site; assets that it does not have count as nothing."""
    by_asset: defaultdict[str, list[Interval]] = defaultdict(list)
    by_car: defaultdict[str, list[Interval]] = defaultdict(list)
    for one in intervals:
        by_asset[one.asset_id].append(one)
        if one.offered_a is not None and one.taken_a is not None and one.offered_a >= LEAST_CURRENT_A:
            by_car[one.car or one.asset_id].append(one)
    devices = configuration.device_list
    return SiteCalibration(
        efficiency_by_battery={
            one.name: _efficiency(one, by_asset[one.name])
            for one in devices
            if isinstance(one, BatteryEnergyStorageSystem)
        },
        bias_by_series={
            one.name: forecast_bias(
                _on_grid(by_asset[one.name], "planned_w"), _on_grid(by_asset[one.name], "actual_w")
            )
            for one in devices
            if isinstance(one, ForecastedSeries3Phase)
        },
        response_by_car={
            name: car_response(
                np.array([one.offered_a for one in seen], dtype=np.float64),
                np.array([one.taken_a for one in seen], dtype=np.float64),
            )
            for name, seen in sorted(by_car.items())
        },
    )


def _efficiency(battery: BatteryEnergyStorageSystem, seen: Sequence[Interval]) -> BatteryEfficiency | None:
    energy_wh = _on_grid(seen, "actual_w") * QUARTER_H
    return battery_efficiency(
        energy_wh, _on_grid(seen, "charge_percent"), battery.operational_battery_capacity
    )


def _on_grid(seen: Sequence[Interval], field: str) -> FloatArray:
    """A field per quarter-hour from the first to the last one, NaN where it is not known; empty without intervals."""
    if not seen:
        return np.empty(0)
    quarters = [int(one.start.timestamp()) // QUARTER_S for one in seen]
    values = np.full(max(quarters) - min(quarters) + 1, np.nan)
    for quarter, one in zip(quarters, seen, strict=True):
        value = getattr(one, field)
        if value is not None:
            values[quarter - min(quarters)] = value
    return values
