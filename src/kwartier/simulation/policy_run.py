"""A recorded site driven by a policy through a period, step by step, to a result."""

from dataclasses import dataclass
from time import process_time

import numpy as np
import numpy.typing as npt

from kwartier.simulation.bills import bills_of
from kwartier.simulation.car import Car
from kwartier.simulation.disturbance import UNDISTURBED, Disturbance, OrderLine
from kwartier.simulation.period import STEP_S, Period
from kwartier.simulation.policies.policy import Policy
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import CarRecord, ConnectionEnergies, PolicyRun
from kwartier.simulation.running_site import HALF_FULL_PERCENT, RunningSite
from kwartier.simulation.whole_period import period_money, period_problem
from kwartier.units.quarter_hour import epoch_s

FloatArray = npt.NDArray[np.float64]

DECIMALS = 3


@dataclass(frozen=True)
class Naming:
    """What a run is called."""

    policy: str
    seed: int


def run_policy(
    fit: RecordedSite,
    period: Period,
    policy: Policy,
    naming: Naming,
    disturbance: Disturbance = UNDISTURBED,
) -> PolicyRun:
    """A site that is closed (`period.closed`) under a policy."""
    site = RunningSite(fit, period.start_s, period.end_s, disturbance)
    line = OrderLine(fit, disturbance, (period.end_s - period.start_s) // STEP_S)
    began_s = process_time()
    while site.at_s < period.end_s:
        orders = policy.decide(site.observation())
        site.advance(line.heard(orders, site.done), site.at_s + STEP_S)
    site.close()
    took_s = process_time() - began_s
    problem, meters = period_problem(fit, period, with_cars=False), site.meters
    bills = bills_of(fit, period, meters.offtake_wh, meters.injection_wh)
    money = period_money(
        problem,
        np.array([meters.offtake_wh[root] for root in meters.roots]),
        np.array([meters.injection_wh[root] for root in meters.roots]),
        np.array([site.stored_wh[one.name] / 1000.0 for one in fit.batteries]),
    )
    return PolicyRun(
        site_id=fit.site.site_id,
        policy=naming.policy,
        seed=naming.seed,
        start=period.start,
        end=period.end,
        connections={
            root: ConnectionEnergies(
                offtake_wh=rounded(meters.offtake_wh[root]), injection_wh=rounded(meters.injection_wh[root])
            )
            for root in meters.roots
        },
        energy_wh_by_device={name: rounded(values) for name, values in meters.device_wh.items()},
        charge_percent_by_battery={name: rounded(values) for name, values in meters.charge_percent.items()},
        first_charge_percent_by_battery={one.name: HALF_FULL_PERCENT for one in fit.batteries},
        cars=[
            car_record(car, site.full_power_w(car), charged_wh)
            for car, charged_wh in sorted(site.gone, key=lambda one: (one[0].arrival, one[0].transaction_id))
        ],
        breaches=[meters.breaches[key] for key in sorted(meters.breaches)],
        bills=bills.bills,
        money=money,
        plan_count=getattr(policy, "plan_count", 0),
        processor_s=round(took_s, 3),
        warnings=[*disturbance.warnings, *problem.warnings, *bills.warnings],
    )


def rounded(values: FloatArray) -> list[float]:
    """Values to a thousandth, without negative zeros."""
    return [float(value) for value in np.round(values, DECIMALS) + 0.0]


def car_record(car: Car, full_power_w: float, charged_wh: float) -> CarRecord:
    """What became of a car; `full_power_w` is the most that it and its pole can do together."""
    stay_h = (epoch_s(car.departure) - epoch_s(car.arrival)) / 3600
    servable_wh = min(car.requested_wh, car.charged_before_wh + full_power_w * max(0.0, stay_h))
    return CarRecord(
        transaction_id=car.transaction_id,
        asset_id=car.asset_id,
        arrival=car.arrival,
        departure=car.departure,
        requested_wh=car.requested_wh,
        servable_wh=round(servable_wh, DECIMALS),
        charged_wh=round(charged_wh, DECIMALS),
    )
