"""What one policy did with a site: energy, cars, peaks, sun, batteries, violations, as figures."""

import numpy as np
from pydantic import Field

from kwartier.simulation.result import LimitBreach, PolicyRun, RunMoney
from kwartier.units.instant import Instant
from kwartier.units.quarter_hour import from_epoch_s
from kwartier.units.wire import WireModel

QUARTERS_PER_HOUR = 4.0
# Below this a car counts as filled: what rounding leaves.
SMALL_WH = 1.0


class Peak(WireModel):
    """The highest quarter-hour average of a connection, W, and when it was."""

    root: str
    offtake_w: float
    at: Instant
    injection_w: float


class BatteryUse(WireModel):
    """A battery: what it held at the start and the end, percent, and how many times it was emptied in all.

    A cycle is as much discharge as the battery holds.
    """

    name: str
    first_percent: float
    last_percent: float
    cycle_count: float


class CarService(WireModel):
    """What cars asked for and got, Wh; `unserved_wh` they could have got, `beyond_reach_wh` no policy could have given.

    `short_count` of the `car_count` cars left without energy that they could have got.
    """

    car_count: int
    short_count: int
    requested_wh: float
    charged_wh: float
    unserved_wh: float
    beyond_reach_wh: float


class PolicySummary(WireModel):
    """One policy. Money is what policies can change, EUR without VAT; `bill_eur` is the whole bill with VAT.

    `self_consumed_share` is the part of the solar energy that was used on the site, `self_sufficient_share` the part of
    the site's use that did not come from the grid; null without sun or use. `net_power_w` is offtake less injection of
    all connections per quarter-hour. Avoidable breaches are the policy's fault, others the load's that nobody controls.
    """

    policy: str
    money: RunMoney
    money_eur: float
    bill_eur: float
    cars: CarService
    peaks: list[Peak]
    offtake_wh: float
    injection_wh: float
    produced_wh: float
    self_consumed_share: float | None
    self_sufficient_share: float | None
    batteries: list[BatteryUse]
    breaches: list[LimitBreach]
    avoidable_breach_count: int
    plan_count: int
    processor_s: float
    warnings: list[str]
    net_power_w: list[float] = Field(repr=False)


def policy_summary(run: PolicyRun) -> PolicySummary:
    """The figures of a run."""
    offtake_wh, injection_wh = (
        np.sum([getattr(one, side) for one in run.connections.values()], axis=0)
        for side in ("offtake_wh", "injection_wh")
    )
    produced_wh, used_wh = _produced_and_used_wh(run)
    return PolicySummary(
        policy=run.policy,
        money=run.money,
        money_eur=run.money.total_eur,
        bill_eur=float(run.bill_eur),
        cars=_car_service(run),
        peaks=[_peak(run, root) for root in run.connections],
        offtake_wh=float(offtake_wh.sum()),
        injection_wh=float(injection_wh.sum()),
        produced_wh=produced_wh,
        self_consumed_share=_share(produced_wh - float(injection_wh.sum()), produced_wh),
        self_sufficient_share=_share(used_wh - float(offtake_wh.sum()), used_wh),
        batteries=[_battery_use(run, name) for name in run.charge_percent_by_battery],
        breaches=run.breaches,
        avoidable_breach_count=sum(breach.is_avoidable for breach in run.breaches),
        plan_count=run.plan_count,
        processor_s=run.processor_s,
        warnings=run.warnings,
        net_power_w=(QUARTERS_PER_HOUR * (offtake_wh - injection_wh)).tolist(),
    )


def _car_service(run: PolicyRun) -> CarService:
    return CarService(
        car_count=len(run.cars),
        short_count=sum(car.unserved_wh > SMALL_WH for car in run.cars),
        requested_wh=sum(car.requested_wh for car in run.cars),
        charged_wh=run.charged_wh,
        unserved_wh=run.unserved_wh,
        beyond_reach_wh=sum(max(0.0, car.requested_wh - car.servable_wh) for car in run.cars),
    )


def _peak(run: PolicyRun, root: str) -> Peak:
    energies = run.connections[root]
    highest = int(np.argmax(energies.offtake_wh))
    return Peak(
        root=root,
        offtake_w=run.peak_w(root),
        at=from_epoch_s(run.quarter_starts_s()[highest]),
        injection_w=QUARTERS_PER_HOUR * max(energies.injection_wh, default=0.0),
    )


def _produced_and_used_wh(run: PolicyRun) -> tuple[float, float]:
    """Solar energy, and what loads and cars used; batteries do neither."""
    devices = [
        np.array(energies_wh)
        for name, energies_wh in run.energy_wh_by_device.items()
        if name not in run.charge_percent_by_battery
    ]
    produced_wh = sum(float(-one.clip(max=0.0).sum()) for one in devices)
    return produced_wh, sum(float(one.clip(min=0.0).sum()) for one in devices)


def _share(part_wh: float, whole_wh: float) -> float | None:
    return None if whole_wh <= 0.0 else float(np.clip(part_wh / whole_wh, 0.0, 1.0))


def _battery_use(run: PolicyRun, name: str) -> BatteryUse:
    first_percent = run.first_charge_percent_by_battery[name]
    percent = np.array([first_percent, *run.charge_percent_by_battery[name]])
    return BatteryUse(
        name=name,
        first_percent=first_percent,
        last_percent=float(percent[-1]),
        cycle_count=float(-np.diff(percent).clip(max=0.0).sum()) / 100.0,
    )
