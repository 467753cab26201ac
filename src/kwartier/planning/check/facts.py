"""Everything a plan is judged by, read from the request alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kwartier.planning.check.flow import Flow, PhaseShare
from kwartier.planning.check.grid import FloatArray, Grid, build_grid
from kwartier.planning.check.held_values import HeldSeries
from kwartier.planning.check.limits import Limits, read_limits
from kwartier.planning.check.prices import EnergyPrices, energy_prices
from kwartier.planning.check.sessions import Pole, Session, latest_messages, read_sessions
from kwartier.planning.check.tariff import Tariff, read_tariff
from kwartier.planning.check.tree import Network, Node, build_network
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.check.zone import named_zone, zone_of
from kwartier.planning.request import RESOLUTION_S, PlanRequest, SeriesForecast
from kwartier.site.devices import Device
from kwartier.site.devices.battery_energy_storage_system import BatteryEnergyStorageSystem, WeeklySchedule
from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase
from kwartier.site.devices.dc_charging_pole import DcChargingPole
from kwartier.site.devices.forecasted_series_3phase import ForecastedSeries3Phase
from kwartier.units.phase import PINS


@dataclass
class Devices:
    """The site's devices by kind and name."""

    poles: dict[str, Pole] = field(default_factory=dict)
    batteries: dict[str, BatteryEnergyStorageSystem] = field(default_factory=dict)
    series: dict[str, ForecastedSeries3Phase] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The names of all devices."""
        return {*self.poles, *self.batteries, *self.series}


@dataclass(frozen=True)
class Facts:
    """The request, digested: steps, tree, devices, sessions, prices, tariff, limits, and the fixed load.

    `series_power_w` is each series' clipped forecast per phase, `fixed` their sum up the tree; both per piece.
    """

    request: PlanRequest
    grid: Grid
    network: Network
    devices: Devices
    sessions: list[Session]
    contract_prices: EnergyPrices | None
    tariff: Tariff
    limits: Limits
    series_power_w: dict[str, dict[str, FloatArray]]
    fixed: Flow

    @property
    def prices(self) -> EnergyPrices | None:
        """What a MWh costs and brings with grid and levies; None where no energy price is known."""
        if self.contract_prices is None:
            return None
        return EnergyPrices(
            self.contract_prices.offtake_eur_per_mwh
            + self.tariff.grid_offtake_eur_per_mwh
            + self.tariff.levies_eur_per_mwh,
            self.contract_prices.injection_eur_per_mwh - self.tariff.grid_injection_eur_per_mwh,
        )

    @property
    def real_sessions(self) -> list[Session]:
        """The sessions of the request's transactions."""
        return [session for session in self.sessions if not session.expected]

    @property
    def expected_sessions(self) -> list[Session]:
        """The virtual sessions."""
        return [session for session in self.sessions if session.expected]

    def initial_percent(self, battery: str) -> float | None:
        """A battery's state of charge at the start, None where unknown."""
        state = self.request.state.batteries.get(battery)
        return None if state is None else state.state_of_charge


def read_facts(request: PlanRequest) -> Facts:
    """Read a request. Raises UnusableRequestError where no plan of it could be judged."""
    configuration = request.site.configurations.site_configuration
    if configuration is None:
        raise UnusableRequestError("the site has no site_configuration")
    zone = zone_of(request)
    grid = build_grid(request, zone)
    network = build_network(configuration.collector_list)
    devices = _devices(configuration.device_list, network)
    series = {
        name: _series_power(device, network.nodes[device.collector], request.forecasts.get(name), grid)
        for name, device in devices.series.items()
    }
    messages = [*latest_messages(request.transactions), *latest_messages(request.expected_sessions)]
    real = read_sessions(request.transactions, devices.poles, network, grid)
    expected = read_sessions(request.expected_sessions, devices.poles, network, grid)
    if unknown := {message.asset_id for message in messages} - set(devices.poles):
        raise UnusableRequestError(
            f"transactions name {sorted(unknown)}, which are no charging poles of the site"
        )
    return Facts(
        request=request,
        grid=grid,
        network=network,
        devices=devices,
        sessions=[*real, *expected],
        contract_prices=energy_prices(request, grid, zone),
        tariff=read_tariff(request, network.roots, grid, zone),
        limits=read_limits(request, network, grid),
        series_power_w=series,
        fixed=_fixed_flow(devices, series, network, grid),
    )


def _devices(device_list: Sequence[Device], network: Network) -> Devices:
    devices = Devices()
    for device in device_list:
        if isinstance(device, ChargingPole3Phase | DcChargingPole):
            devices.poles[device.name] = device
        elif isinstance(device, BatteryEnergyStorageSystem):
            devices.batteries[device.name] = device
        elif isinstance(device, ForecastedSeries3Phase):
            devices.series[device.name] = device
        else:
            raise UnusableRequestError(f"a device of an unknown type: {device}")
        if device.collector not in network.nodes:
            raise UnusableRequestError(f"device {device.name!r}: {device.collector!r} is no collector")
        _judge_device(device, network.nodes[device.collector])
    return devices


def _judge_device(device: Device, node: Node) -> None:
    """Raise UnusableRequestError for a device whose power cannot be traced to phases or moments."""
    if isinstance(device, ChargingPole3Phase):
        pins, phases = device.pin_to_phase_mapping.pin_list, device.pin_to_phase_mapping.phase_list
        fits = set(pins) <= set(PINS) and set(phases) <= set(node.phases)
        if not fits or not len(set(pins)) == len(set(phases)) == len(pins) == len(phases) > 0:
            raise UnusableRequestError(
                f"pole {device.name!r}: its pins do not fit the phases of {node.name!r}"
            )
    elif isinstance(device, DcChargingPole) and len(node.phases) < 3:
        raise UnusableRequestError(f"DC pole {device.name!r} hangs on {node.name!r}, which has one phase")
    elif isinstance(device, BatteryEnergyStorageSystem):
        for policy in device.policies:
            if isinstance(policy.schedule, WeeklySchedule):
                named_zone(policy.schedule.timezone)


def _series_power(
    device: ForecastedSeries3Phase, node: Node, forecast: SeriesForecast | None, grid: Grid
) -> dict[str, FloatArray]:
    """Power of a series per phase and piece, W: each value clipped to the rating, a total spread evenly."""
    power_w = {phase: np.zeros(len(grid.piece_start_s)) for phase in node.phases}
    if forecast is None:
        return power_w
    largest_w = device.line_current * node.voltage_v
    if isinstance(forecast.power_w, dict):
        for phase, values_w in forecast.power_w.items():
            if phase in node.phases:
                power_w[phase] = _clipped_means(device, forecast, values_w, largest_w, grid)
        return power_w
    part_w = [None if value_w is None else value_w / len(node.phases) for value_w in forecast.power_w]
    mean_w = _clipped_means(device, forecast, part_w, largest_w, grid)
    return {phase: mean_w.copy() for phase in node.phases}


def _clipped_means(
    device: ForecastedSeries3Phase,
    forecast: SeriesForecast,
    values_w: Sequence[float | None],
    largest_w: float,
    grid: Grid,
) -> FloatArray:
    """The mean over each piece of values that are clipped to the rating, W."""
    clipped_w = [
        None if value_w is None else max(-largest_w, min(largest_w, value_w)) for value_w in values_w
    ]
    start_s, value_s = forecast.start.timestamp(), RESOLUTION_S[forecast.resolution]
    return HeldSeries(f"forecasts.{device.name}", start_s, value_s, clipped_w).piece_means(grid)


def _fixed_flow(
    devices: Devices, series_power_w: dict[str, dict[str, FloatArray]], network: Network, grid: Grid
) -> Flow:
    flow = Flow(network, len(grid.piece_start_s))
    for name, by_phase in series_power_w.items():
        collector = devices.series[name].collector
        voltage_v = network.nodes[collector].voltage_v
        for phase, power_w in by_phase.items():
            flow.add(collector, {phase: PhaseShare(1 / voltage_v, 1.0)}, power_w)
    return flow
