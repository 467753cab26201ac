"""What each device of a site takes in a step, on its pins, and what that leaves in cars and batteries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kwartier.control.fallback_share import LEAST_CURRENT_A
from kwartier.control.setpoint import Setpoint
from kwartier.simulation.battery import battery_flow
from kwartier.simulation.car import Car, charging_power_w
from kwartier.simulation.meters import DeviceFlow
from kwartier.simulation.obeyed import obeyed_current_a, obeyed_power_w
from kwartier.simulation.simulated_site import SimulatedSite, SiteState
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    ForecastedSeries3Phase,
)
from kwartier.site.tree import Board
from kwartier.units.phase import PhaseName


@dataclass
class DeviceFlows:
    """What a step of all devices gives: flows on their boards, W per pin, and the energies after it, Wh."""

    flows: dict[str, DeviceFlow] = field(default_factory=dict)
    pin_powers_w: dict[str, dict[str, float]] = field(default_factory=dict)
    stored_wh: dict[str, float] = field(default_factory=dict)
    charged_wh: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, board: str, pins_w: dict[str, tuple[PhaseName, float]]) -> None:
        """Note the power of a device: by pin, the phase that it hangs on and its W."""
        self.pin_powers_w[name] = {pin: power_w for pin, (_, power_w) in pins_w.items()}
        self.flows[name] = DeviceFlow(board, dict(pins_w.values()))


def device_flows(
    site: SimulatedSite,
    state: SiteState,
    to: datetime,
    cars: Mapping[str, Car],
    setpoints: Mapping[str, Setpoint],
) -> DeviceFlows:
    """All devices from `state.at` to `to`, each as its setpoint says in it; `cars` by pole."""
    done = DeviceFlows()
    for device in site.configuration.device_list:
        told = setpoints.get(device.name)
        board = site.tree.boards[device.collector]
        match device:
            case ChargingPole3Phase():
                fallback_a = site.fallback.pin_current_a(device)
                current_a = min(obeyed_current_a(told, fallback_a, state.at, to), device.line_current)
                _charge_ac(done, device, board, cars.get(device.name), state, to, current_a)
            case DcChargingPole():
                fallback_w = site.fallback.power_w_by_pole[device.name]
                power_w = min(obeyed_power_w(told, fallback_w, state.at, to), device.max_power)
                _charge_dc(done, device, board, cars.get(device.name), state, to, power_w)
            case BatteryEnergyStorageSystem():
                hours = (to - state.at).total_seconds() / 3600
                told_w = obeyed_power_w(told, 0.0, state.at, to)
                flow = battery_flow(device, state.stored_wh[device.name], told_w, hours)
                done.stored_wh[device.name] = flow.stored_wh
                done.add(device.name, board.name, _evenly(board, flow.power_w))
            case ForecastedSeries3Phase():
                rating_w = device.line_current * board.voltage_v
                powers_w = site.power_w_by_series[device.name](to)
                clipped = {phase: max(-rating_w, min(rating_w, w)) for phase, w in powers_w.items()}
                done.add(device.name, board.name, {phase: (phase, w) for phase, w in clipped.items()})
            case _:
                pass  # validation reports a device of an unknown kind, and nobody knows what it does
    return done


def _charge_ac(
    done: DeviceFlows,
    pole: ChargingPole3Phase,
    board: Board,
    car: Car | None,
    state: SiteState,
    to: datetime,
    current_a: float,
) -> None:
    mapping = pole.pin_to_phase_mapping
    pins = dict(zip(mapping.pin_list, mapping.phase_list, strict=True))
    used = list(pins)[: car.phase_count if car else 0]
    pin_w = 0.0
    if car is not None:
        voltage_v = pin_voltage_v(board, len(used))
        offered_w, least_w = (a * voltage_v * len(used) for a in (current_a, LEAST_CURRENT_A))
        pin_w = _charge(done, car, state, to, offered_w, least_w) / len(used)
    done.add(
        pole.name,
        board.name,
        {pin: (phase, pin_w if pin in used else 0.0) for pin, phase in pins.items()},  # type: ignore[misc]  # validated: L1, L2 or L3
    )


def _charge_dc(
    done: DeviceFlows,
    pole: DcChargingPole,
    board: Board,
    car: Car | None,
    state: SiteState,
    to: datetime,
    offered_w: float,
) -> None:
    power_w = 0.0 if car is None else _charge(done, car, state, to, offered_w, 0.0)
    done.add(pole.name, board.name, _evenly(board, power_w))


def _charge(
    done: DeviceFlows, car: Car, state: SiteState, to: datetime, offered_w: float, least_w: float
) -> float:
    """The car's mean power in the step, W; it stops when it is full."""
    hours = (to - state.at).total_seconds() / 3600
    charged_wh = state.charged_wh.get(car.transaction_id, car.charged_before_wh)
    power_w = charging_power_w(car, charged_wh, offered_w, least_w)
    energy_wh = min(power_w * hours, max(0.0, car.requested_wh - charged_wh))
    done.charged_wh[car.transaction_id] = charged_wh + energy_wh
    return energy_wh / hours


def pin_voltage_v(board: Board, pin_count: int) -> float:
    """What one pin's current is worth: three pins on a network of three wires each carry a line's current."""
    return board.voltage_v / 3**0.5 if board.three_wire and pin_count == 3 else board.voltage_v


def _evenly(board: Board, power_w: float) -> dict[str, tuple[PhaseName, float]]:
    return {phase: (phase, power_w / len(board.phases)) for phase in board.phases}
