"""One step of a simulated site: from setpoints to readings and messages, with nothing but its arguments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kwartier.control.setpoint import Setpoint
from kwartier.simulation.car import Car
from kwartier.simulation.device_flows import DeviceFlows, device_flows
from kwartier.simulation.meters import board_powers_w
from kwartier.simulation.simulated_site import SimulatedSite, SiteState
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction, TransactionState

# A pole tells how much it has charged so often, also when nothing else happens.
SAID_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True)
class SiteStep:
    """The state after a step, what every meter said at its end, and what happened to cars."""

    state: SiteState
    measurements: tuple[Measurement, ...]
    transactions: tuple[Transaction, ...]


def site_step(
    site: SimulatedSite, state: SiteState, to: datetime, setpoints: Mapping[str, Setpoint]
) -> SiteStep:
    """The site from `state.at` to `to` with the last setpoint that each device heard.

    Powers are means of the step, so they and the running totals agree. Cars are those that stand there at its end.
    The same arguments give the same step. Raises ValueError unless `to` is later than `state.at`.
    """
    if to <= state.at:
        raise ValueError(f"a step goes forward, not from {state.at} to {to}")
    cars = _cars_by_pole(site, to)
    done = device_flows(site, state, to, cars, setpoints)
    boards_w = board_powers_w(site.tree, done.flows.values())
    powers_w: dict[str, dict[str, float]] = {
        name: {str(phase): power_w for phase, power_w in phases_w.items()}
        for name, phases_w in boards_w.items()
    }
    powers_w |= done.pin_powers_w
    totals_wh = dict(state.pin_totals_wh)
    hours = (to - state.at).total_seconds() / 3600
    for asset, pins_w in powers_w.items():
        for pin, power_w in pins_w.items():
            totals_wh[asset, pin] = totals_wh.get((asset, pin), 0.0) + power_w * hours
    said, transactions = _messages(state, to, cars, done)
    after = SiteState(
        to,
        done.stored_wh,
        {key: done.charged_wh[key] for key in said},
        totals_wh,
        state.first_totals_wh,
        said,
    )
    return SiteStep(after, tuple(_readings(site, after, powers_w)), tuple(transactions))


def _cars_by_pole(site: SimulatedSite, at: datetime) -> dict[str, Car]:
    names = {device.name for device in site.configuration.device_list}
    there = (car for car in site.cars_at(at) if car.is_there(at) and car.asset_id in names)
    by_pole: dict[str, Car] = {}
    for car in sorted(there, key=lambda one: one.arrival):
        by_pole.setdefault(car.asset_id, car)
    return by_pole


def _readings(
    site: SimulatedSite, after: SiteState, powers_w: Mapping[str, Mapping[str, float]]
) -> Iterator[Measurement]:
    batteries = {
        device.name: 100 * after.stored_wh[device.name] / device.operational_battery_capacity
        for device in site.configuration.device_list
        if isinstance(device, BatteryEnergyStorageSystem)
    }
    board_by_asset = {device.name: device.collector for device in site.configuration.device_list}
    for asset, pins_w in powers_w.items():
        board = site.tree.boards[board_by_asset.get(asset, asset)]
        pins: dict[str, Any] = {
            pin: {
                "power_value": power_w,
                "energy_value": after.pin_totals_wh[asset, pin],
                # On three wires a pin's current is no share of its power, so none is told.
                **({} if board.three_wire else {"current_value": power_w / board.voltage_v}),
                "voltage_value": board.voltage_v,
            }
            for pin, power_w in pins_w.items()
        }
        total_wh = sum(after.pin_totals_wh[asset, pin] for pin in pins_w)
        yield Measurement.model_validate(
            {
                "asset_id": asset,
                "timestamp": after.at,
                "energy_value": after.first_totals_wh.get(asset, 0.0) + total_wh,
                "power_value": float(sum(pins_w.values())),
                "current_state_of_charge": batteries.get(asset),
                "pins": pins,
            }
        )


Said = dict[str, tuple[Car, TransactionState, datetime]]


def _messages(
    state: SiteState, to: datetime, cars: Mapping[str, Car], done: DeviceFlows
) -> tuple[Said, list[Transaction]]:
    """What is said of each car, and what of that is new: it came, it is full, it left, or five minutes are over."""
    said: Said = {}
    messages: list[Transaction] = []
    there = {car.transaction_id for car in cars.values()}
    for key, (car, _, _) in state.said.items():
        if key not in there:
            messages.append(_message(car, "Ended", to, state.charged_wh[key]))
    for car in cars.values():
        key, charged_wh = car.transaction_id, done.charged_wh[car.transaction_id]
        before = state.said.get(key)
        is_full = charged_wh >= car.requested_wh
        now_state: TransactionState = "Started" if before is None else "SuspendedEV" if is_full else "Updated"
        is_old = before is not None and to - before[2] >= SAID_AGAIN
        is_news = before is None or is_old or is_full != (before[1] == "SuspendedEV")
        if is_news:
            messages.append(_message(car, now_state, to, charged_wh))
        said[key] = (car, now_state, to) if is_news or before is None else before
    return said, messages


def _message(car: Car, state: TransactionState, at: datetime, charged_wh: float) -> Transaction:
    return Transaction(
        asset_id=car.asset_id,
        transaction_id=car.transaction_id,
        timestamp=at,
        transaction_state=state,
        start_time=car.arrival,
        stop_time=at if state == "Ended" else None,
        departure_time=car.departure,
        no_charging_phases=car.phase_count,
        max_power=car.largest_w,
        requested_energy=car.requested_wh,
        energy_charged=charged_wh,
    )
