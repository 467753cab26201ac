"""Why each device does what it does, step by step, in words a site manager understands.

Every reason is read off the solution: a binding row with its dual, a bound that is reached, a price that is compared.
"""

import numpy as np
import numpy.typing as npt

from kwartier.planning.battery_reasons import BatteryExplainer
from kwartier.planning.car_reasons import CarExplainer
from kwartier.planning.discrete import DiscreteResult
from kwartier.planning.formulation import Formulation
from kwartier.planning.held_back import Holders
from kwartier.planning.marginals import Marginals, marginals
from kwartier.planning.problem import Problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.schedule import Schedule

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def reasons_of(
    problem: Problem, formulation: Formulation, found: DiscreteResult, schedule: Schedule
) -> dict[str, list[str]]:
    """One sentence per step for every pole with a car and every battery; empty where there is nothing to say."""
    if not problem.units:
        return {}
    parts = marginals(formulation, found.result.row_duals_eur)
    holders = Holders(problem, formulation, parts)
    eur_per_mwh = _eur_per_mwh(problem, formulation, parts)
    cars = CarExplainer(problem, formulation, found, schedule, holders, eur_per_mwh)
    texts: dict[str, list[str]] = {}
    for session, lines in zip(problem.sessions, cars.sentences(), strict=True):
        if not session.expected:
            before = texts.get(session.asset_id)
            # Several cars may stand at one pole, one after the other.
            texts[session.asset_id] = lines if before is None else list(map(max, before, lines))
    batteries = BatteryExplainer(problem, formulation, schedule, holders, eur_per_mwh)
    for index, battery in enumerate(problem.batteries):
        texts[battery.device.name] = batteries.sentences(index)
    if found.kept is not None:
        _say_what_is_kept(problem, found.kept, schedule, texts)
    return texts


def _say_what_is_kept(
    problem: Problem, kept: BoolArray, schedule: Schedule, texts: dict[str, list[str]]
) -> None:
    """Put the true reason where a near step is as in the plan in force: no price or limit of this one explains it."""
    cent = problem.request.options.stability_eur_per_change * 100.0
    cars = len(problem.sessions)
    for unit, step in np.argwhere(kept).tolist():
        if unit < cars:
            session, level = problem.sessions[unit], float(schedule.level[unit, step])
            name = session.asset_id
            does = f"held at {level:.3g} {'A' if session.is_ac else 'kW'}" if level > 0.0 else "waits"
        else:
            name, power_kw = (
                problem.batteries[unit - cars].device.name,
                schedule.battery_w[unit - cars, step] / 1000,
            )
            verb = "charges" if power_kw > 0.0 else "discharges"
            does = f"{verb} {abs(power_kw):.3g} kW" if power_kw else "rests"
        texts[name][step] = f"{does}: as in the plan before, another would gain less than {cent:.3g} cent"


def _eur_per_mwh(problem: Problem, formulation: Formulation, parts: Marginals) -> FloatArray:
    """What a MWh costs each unit in each step at the margin, EUR/MWh, shape (U, n); NaN where it cannot run.

    Where a root's direction is open, the dual of its exchange row says which of the two prices counts.
    """
    storage, sessions = formulation.storage, formulation.sessions
    hours = problem.grid.hours_h
    roots = len(problem.tree.roots)
    on_root = problem.point_w_per_level.reshape(roots, -1, len(problem.units)).sum(axis=1) > 0.0
    price = formulation.exchange.unit_cost_eur[np.argmax(on_root, axis=0)] / hours
    columns = np.vstack([sessions.level, storage.charge])
    kilowatts = problem.point_w_per_level.sum(axis=0)[:, None] / 1000.0 * problem.unit_share
    runs = (columns != NO_COLUMN) & (kilowatts > 0.0)
    correction = np.divide(
        parts.exchange_eur[columns], kilowatts * hours, out=np.zeros_like(price), where=runs
    )
    return np.where(runs, (price + correction) * 1000.0, np.nan)
