"""The oracle's result: the hindsight optimum told as if it had been run."""

from time import process_time

import numpy as np

from kwartier.simulation.bills import bills_of
from kwartier.simulation.period import Period
from kwartier.simulation.policy_run import Naming, car_record, rounded
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import ConnectionEnergies, PolicyRun
from kwartier.simulation.running_site import HALF_FULL_PERCENT
from kwartier.simulation.whole_period import Hindsight, hindsight, period_money
from kwartier.units.quarter_hour import QUARTER_H


def oracle_run(fit: RecordedSite, period: Period, naming: Naming) -> PolicyRun:
    """The hindsight optimum of a closed site; `bound_eur` is what no policy can beat."""
    began_s = process_time()
    best = hindsight(fit, period)
    took_s = process_time() - began_s
    roots = [root.name for root in best.problem.tree.roots]
    offtake_wh = np.maximum(best.net_w, 0.0) * QUARTER_H
    injection_wh = np.maximum(-best.net_w, 0.0) * QUARTER_H
    bills = bills_of(
        fit,
        period,
        dict(zip(roots, offtake_wh, strict=True)),
        dict(zip(roots, injection_wh, strict=True)),
    )
    percent = {
        battery.device.name: rounded(100.0 * stored_kwh / battery.capacity_kwh)
        for battery, stored_kwh in zip(best.problem.batteries, best.stored_kwh, strict=True)
    }
    car_by_id = {car.transaction_id: car for car in fit.cars}
    return PolicyRun(
        site_id=fit.site.site_id,
        policy=naming.policy,
        seed=naming.seed,
        start=period.start,
        end=period.end,
        connections={
            root: ConnectionEnergies(
                offtake_wh=rounded(offtake_wh[row]), injection_wh=rounded(injection_wh[row])
            )
            for row, root in enumerate(roots)
        },
        energy_wh_by_device=_device_wh(best, fit),
        charge_percent_by_battery=percent,
        first_charge_percent_by_battery={one.name: HALF_FULL_PERCENT for one in fit.batteries},
        cars=[
            car_record(
                car_by_id[session.transaction_id],
                session.full_power_w,
                car_by_id[session.transaction_id].charged_before_wh + float(best.charged_wh[index]),
            )
            for index, session in enumerate(best.problem.sessions)
        ],
        breaches=[],
        bills=bills.bills,
        money=period_money(best.problem, offtake_wh, injection_wh, best.stored_kwh[:, -1]),
        bound_eur=best.bound_eur,
        plan_count=1,
        processor_s=round(took_s, 3),
        warnings=[*best.problem.warnings, *bills.warnings],
    )


def _device_wh(best: Hindsight, fit: RecordedSite) -> dict[str, list[float]]:
    """Energy of each device per quarter-hour, Wh."""
    count = best.net_w.shape[1]
    found = {device.name: np.zeros(count) for device in fit.configuration.device_list}
    for index, session in enumerate(best.problem.sessions):
        found[session.asset_id] += best.car_w[index] * QUARTER_H
    for index, battery in enumerate(best.problem.batteries):
        found[battery.device.name] += best.battery_w[index] * QUARTER_H
    for series in best.problem.fixed.series:
        found[series.name] += np.sum(list(series.power_w_by_phase.values()), axis=0) * QUARTER_H
    return {name: rounded(values) for name, values in found.items()}
