"""A recorded site that runs: cars and batteries that follow orders, meters that count, a controller's view of both."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan

import numpy as np
import numpy.typing as npt

from kwartier.control.fallback_share import LEAST_CURRENT_A
from kwartier.control.wiring import ControlledDevice, ControlSite, control_site
from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.battery import battery_flow
from kwartier.simulation.car import Car, charging_power_w
from kwartier.simulation.disturbance import UNDISTURBED, Disturbance
from kwartier.simulation.fuses import ComplexArray, Draw, Fitted, fitted
from kwartier.simulation.observation import Observation, Orders, QuarterEnergy
from kwartier.simulation.quarter_meters import LineCurrents, QuarterMeters
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.standing_car import StandingCar, last_message
from kwartier.simulation.wired_battery import WiredBattery, wired
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.transaction import Transaction
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

FloatArray = npt.NDArray[np.float64]

HALF_FULL_PERCENT = 50.0
BATTERIES_LAST = -(10**6)
NEVER_S = float("inf")


@dataclass
class RunningSite:
    """The site from `start_s` on (epoch seconds, on a quarter-hour), to be driven step by step; half-full batteries.

    `done` is what its devices did of the last orders. Cars of before `start_s` are history. Raises ValueError where a
    series does not cover the period.
    """

    recorded: RecordedSite
    start_s: int
    end_s: int
    disturbance: Disturbance = UNDISTURBED
    at_s: float = field(init=False)
    done: Orders = field(init=False, default_factory=Orders)
    stored_wh: dict[str, float] = field(init=False)
    standing: dict[str, StandingCar] = field(default_factory=dict)
    gone: list[tuple[Car, float]] = field(default_factory=list)
    meters: QuarterMeters = field(init=False)
    _waiting: list[Car] = field(init=False)
    _ended: list[Transaction] = field(init=False)

    def __post_init__(self) -> None:
        self.at_s = float(self.start_s)
        self.stored_wh = {
            one.name: one.operational_battery_capacity * HALF_FULL_PERCENT / 100
            for one in self.recorded.batteries
        }
        in_time = [car for car in self.recorded.cars if epoch_s(car.arrival) >= self.start_s]
        self._waiting = sorted(in_time, key=lambda car: car.arrival, reverse=True)
        self._ended = [
            last_message(car, car.requested_wh)
            for car in self.recorded.cars
            if epoch_s(car.departure) <= self.start_s
        ]
        self.meters = QuarterMeters(self.control, self.start_s, self.end_s, self.recorded.zone)
        self._come_and_go()

    @cached_property
    def control(self) -> ControlSite:
        """The wiring."""
        return control_site(self.recorded.configuration)

    @cached_property
    def _device_by_name(self) -> dict[str, ControlledDevice]:
        return {one.name: one for one in self.control.devices}

    @cached_property
    def _series_w(self) -> dict[str, list[float]]:
        """Each series in the quarter-hours of the period, W."""
        return {one.name: self._in_period_w(one.name).tolist() for one in self.recorded.series_devices}

    @cached_property
    def _batteries(self) -> dict[str, WiredBattery]:
        return {one.name: wired(one, self._device_by_name[one.name]) for one in self.recorded.batteries}

    @cached_property
    def _names_by_root(self) -> dict[str, tuple[list[str], list[str]]]:
        """The batteries and the series of each connection."""
        roots = self.meters.root_by_device
        return {
            root: (
                [name for name in self._batteries if roots[name] == root],
                [name for name in self._series_w if roots[name] == root],
            )
            for root in self.meters.roots
        }

    @cached_property
    def _measured(self) -> dict[str, PowerHistory]:
        """What the meter of each series says."""
        return {
            name: self.disturbance.measured(name, history, self.start_s)
            for name, history in self.recorded.series.items()
        }

    @cached_property
    def _price_days(self) -> list[PriceDay]:
        return sorted(self.recorded.price_days, key=lambda one: one.known_at)

    @cached_property
    def _prices_known_s(self) -> list[float]:
        return [epoch_s(one.known_at) for one in self._price_days]

    def _in_period_w(self, name: str) -> FloatArray:
        history = self.recorded.series[name]
        first = (self.start_s - history.first_s) // QUARTER_S
        power_w = history.power_w[max(0, first) : first + (self.end_s - self.start_s) // QUARTER_S]
        if first < 0 or len(power_w) * QUARTER_S < self.end_s - self.start_s or np.isnan(power_w).any():
            raise ValueError(f"the series {name} does not cover the period without gaps")
        return power_w

    @cached_property
    def _load_a(self) -> ComplexArray:
        """What the series bring to each line in each quarter-hour, shape (quarters, lines)."""
        count = (self.end_s - self.start_s) // QUARTER_S
        total = np.zeros((count, len(self.control.lines)), dtype=np.complex128)
        for one in self.control.uncontrolled:
            phases = one.phasor_weight.shape[1]
            per_phase_a = np.array(self._series_w[one.name]) / phases / one.voltage_v
            total += per_phase_a[:, None] * one.phasor_weight.sum(axis=1)
        return total

    def _come_and_go(self) -> None:
        """Cars that have left make room for those that have arrived; one that finds its pole taken waits for it."""
        for pole, one in list(self.standing.items()):
            if one.departure_s <= self.at_s:
                self._leave(pole)
        late: list[Car] = []
        while self._waiting and epoch_s(self._waiting[-1].arrival) <= self.at_s:
            car = self._waiting.pop()
            if epoch_s(car.departure) <= self.at_s:
                self.gone.append((car, car.charged_before_wh))
            elif car.asset_id in self.standing:
                late.append(car)
            else:
                self.standing[car.asset_id] = self._standing(car)
        self._waiting += reversed(late)

    def _standing(self, car: Car) -> StandingCar:
        device = self._device_by_name[car.asset_id]
        is_ac = device.kind == "ac"
        pins = frozenset(device.pins[: car.phase_count] if is_ac else device.pins)
        least_a = max(LEAST_CURRENT_A, car.least_current_a) if is_ac else 0.0
        return StandingCar(
            car,
            device,
            device.watts_per_ampere(pins),
            device.phasor_weights(pins),
            least_a,
            car.charged_before_wh,
        )

    def _leave(self, pole: str) -> None:
        one = self.standing.pop(pole)
        self.gone.append((one.car, one.charged_wh))
        self._ended.append(last_message(one.car, one.charged_wh))

    def full_power_w(self, car: Car) -> float:
        """The most that a car and its pole can do together, W."""
        one = self._standing(car)
        return min(car.largest_w, one.device.rating_a * one.watts_per_ampere)

    def close(self) -> None:
        """Let every car go: the period is over."""
        for pole in list(self.standing):
            self._leave(pole)
        self.gone += [(car, car.charged_before_wh) for car in reversed(self._waiting)]
        self._waiting.clear()

    def advance(self, orders: Orders, to_s: float) -> None:
        """One step, within a quarter-hour, under these orders as far as fuses, cars and batteries let them."""
        hours, quarter = (to_s - self.at_s) / 3600, int(self.at_s - self.start_s) // QUARTER_S
        cars = list(self._car_draws(orders))
        draws = [*cars, *self._battery_draws(orders, cars, hours)]
        flow = self._fitted(draws, orders.deaf, self._load_a[quarter])
        power_w = {name: values[quarter] for name, values in self._series_w.items()}
        for draw, current_a in zip(draws, flow.current_a.tolist(), strict=True):
            power_w[draw.name] = self._take(draw.name, current_a, to_s)
        self.done = _done(orders, draws, flow.current_a.tolist(), self._device_by_name)
        self.meters.count(self.at_s, to_s, power_w, LineCurrents(flow.line_a, np.abs(self._load_a[quarter])))
        self.at_s = to_s
        if to_s % QUARTER_S == 0:
            self.meters.close_quarter(quarter, self._charge_percent())
        self._come_and_go()

    def _fitted(self, draws: Sequence[Draw], deaf: frozenset[str], load_a: ComplexArray) -> Fitted:
        """What fits the fuses; what is deaf cannot be cut, and the others make room for it."""
        if not deaf:
            return fitted(self.control, load_a, draws)
        hears = np.array([one.name not in deaf for one in draws], dtype=bool)
        current_a = np.array([one.current_a for one in draws])
        held_a = load_a + sum(
            (one.current_a * one.phasor_weights for one in draws if one.name in deaf), np.zeros_like(load_a)
        )
        rest = fitted(self.control, held_a, [one for one in draws if one.name not in deaf])
        current_a[hears] = rest.current_a
        return Fitted(current_a, rest.line_a)

    def _car_draws(self, orders: Orders) -> Iterator[Draw]:
        for pole, one in self.standing.items():
            if one.device.kind == "ac":
                offered_a = min(orders.current_a.get(pole, 0.0), one.device.rating_a)
            else:
                offered_a = min(orders.power_w.get(pole, 0.0) / one.watts_per_ampere, one.device.rating_a)
            least_w = one.least_a * one.watts_per_ampere
            power_w = charging_power_w(one.car, one.charged_wh, offered_a * one.watts_per_ampere, least_w)
            if power_w > 0.0:
                current_a = power_w / one.watts_per_ampere
                yield Draw(pole, current_a, one.least_a, orders.priority.get(pole, 0), one.phasor_weights)

    def _battery_draws(self, orders: Orders, cars: Sequence[Draw], hours: float) -> Iterator[Draw]:
        steered_w = self._kept_in_band_w(orders, cars)
        for name, one in self._batteries.items():
            flow = battery_flow(one.battery, self.stored_wh[name], steered_w[name], hours)
            if flow.power_w != 0.0:
                yield Draw(name, flow.power_w / one.watts_per_ampere, 0.0, BATTERIES_LAST, one.phasor_weights)

    def _kept_in_band_w(self, orders: Orders, cars: Sequence[Draw]) -> dict[str, float]:
        """What each battery is told, W, changed by its share of what would leave the band of its connection."""
        told_w = {name: orders.power_w.get(name, 0.0) for name in self._batteries}
        quarter = int(self.at_s - self.start_s) // QUARTER_S
        for root, band in orders.bands.items():
            names, series = self._names_by_root[root]
            mine = [self._batteries[name].battery for name in names if name not in orders.deaf]
            if not mine:
                continue
            net_w = sum(told_w[name] for name in names)
            net_w += sum(self._series_w[name][quarter] for name in series)
            net_w += sum(
                one.current_a * self.standing[one.name].watts_per_ampere
                for one in cars
                if self.meters.root_by_device[one.name] == root
            )
            missing_w = min(max(net_w, band.low_w), band.high_w) - net_w
            strength_w = sum(one.maximum_discharging_power for one in mine)
            for one in mine:
                told_w[one.name] += missing_w * one.maximum_discharging_power / strength_w
        return {
            name: min(
                max(told_w[name], -one.battery.maximum_discharging_power),
                one.battery.maximum_charging_power,
            )
            for name, one in self._batteries.items()
        }

    def _take(self, name: str, current_a: float, to_s: float) -> float:
        """A device draws for the step; returns its mean power over it, W."""
        hours = (to_s - self.at_s) / 3600
        one = self.standing.get(name)
        if one is None:
            return self._store(name, current_a, hours)
        charging_h = (min(to_s, one.departure_s) - self.at_s) / 3600
        left_wh = max(0.0, one.car.requested_wh - one.charged_wh)
        energy_wh = min(current_a * one.watts_per_ampere * charging_h, left_wh)
        one.charged_wh += energy_wh
        return energy_wh / hours

    def _store(self, name: str, current_a: float, hours: float) -> float:
        one = self._batteries[name]
        flow = battery_flow(one.battery, self.stored_wh[name], current_a * one.watts_per_ampere, hours)
        self.stored_wh[name] = flow.stored_wh
        return flow.power_w

    def _charge_percent(self) -> dict[str, float]:
        return {one.name: self._percent(one) for one in self.recorded.batteries}

    def _percent(self, battery: BatteryEnergyStorageSystem) -> float:
        percent = 100.0 * self.stored_wh[battery.name] / battery.operational_battery_capacity
        return min(100.0, max(0.0, percent))

    def observation(self) -> Observation:
        """What a controller sees now."""
        inside_s, at = self.at_s % QUARTER_S, from_epoch_s(self.at_s)
        return Observation(
            at_s=self.at_s,
            charge_percent=self._charge_percent(),
            month_peak_w=self.meters.month_peak_w(self.at_s),
            quarter=self.meters.running_quarter() if inside_s else dict.fromkeys(self.meters.roots, NOTHING),
            series_now_w={name: self._now_w(name) if inside_s else None for name in self.recorded.series},
            cars=[one.message(at) for one in self.standing.values()],
            history_of=self._history,
            past_cars=self._past_cars,
            price_days=self._price_days[: bisect_right(self._prices_known_s, self.at_s)],
        )

    def _now_w(self, name: str) -> float | None:
        measured = self._measured[name]
        power_w = float(measured.power_w[int(self.at_s - measured.first_s) // QUARTER_S])
        return None if isnan(power_w) else power_w

    def _history(self, name: str) -> PowerHistory:
        return self._measured[name].before(self.at_s)

    def _past_cars(self) -> Sequence[Transaction]:
        return self._ended


NOTHING = QuarterEnergy()


def _done(
    orders: Orders, draws: Sequence[Draw], taken_a: Sequence[float], devices: Mapping[str, ControlledDevice]
) -> Orders:
    """What devices do once they hear nothing more: what they were told, or the less that fuses or bands left of it."""
    current_a = dict(orders.current_a)
    power_w = {name: told_w for name, told_w in orders.power_w.items() if devices[name].kind != "battery"}
    for draw, took_a in zip(draws, taken_a, strict=True):
        device = devices[draw.name]
        if device.kind == "ac":
            current_a[draw.name] = took_a if took_a < draw.current_a else current_a[draw.name]
        elif device.kind == "battery" or took_a < draw.current_a:
            power_w[draw.name] = took_a * device.watts_per_ampere(frozenset(device.pins))
    return Orders(current_a, power_w)
