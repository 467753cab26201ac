"""A whole period as one plan problem with everything known: what it costs, and the least that it could have cost."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import formulate
from kwartier.planning.lexicographic import LexicographicSolver
from kwartier.planning.plan import Money
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.solve import SolveStatus
from kwartier.simulation.period import Period
from kwartier.simulation.period_request import period_request
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import RunMoney
from kwartier.units.quarter_hour import QUARTER_H

FloatArray = npt.NDArray[np.float64]
KW = 1000.0


@dataclass(frozen=True)
class Hindsight:
    """The best that could have been done, knowing everything: one programme over the period.

    `bound_eur` (as `RunMoney.total_eur`) is not to be beaten by any run that serves as much. Series have one entry per
    quarter-hour: `car_w` (cars, n), `battery_w` (batteries, n), `stored_kwh` at the end of each, `net_w` per connection
    (roots, n). `charged_wh` is what each car takes. In the programme a car may take any current, and where a price is
    negative a battery may go both ways at once: real devices may not, so the bound is a little low.
    """

    problem: Problem
    bound_eur: float
    car_w: FloatArray
    battery_w: FloatArray
    stored_kwh: FloatArray
    net_w: FloatArray
    charged_wh: FloatArray

    @property
    def highest_offtake_w(self) -> dict[str, float]:
        """The highest quarter-hour average of each connection's offtake, W."""
        highest_w = np.maximum(self.net_w, 0.0).max(axis=1, initial=0.0).tolist()
        return dict(zip((root.name for root in self.problem.tree.roots), highest_w, strict=True))


def period_problem(recorded: RecordedSite, period: Period, *, with_cars: bool = True) -> Problem:
    """The period as one problem, all in quarter-hours. Raises InvalidRequest where the site cannot be planned."""
    return build_problem(period_request(recorded, period, with_cars=with_cars), horizon_days=period.days)


def hindsight(recorded: RecordedSite, period: Period) -> Hindsight:
    """Solve the whole period in one go; raises ValueError where it has no answer."""
    return hindsight_of(period_problem(recorded, period))


def hindsight_of(problem: Problem) -> Hindsight:
    """The same of a problem of that kind."""
    formulation = formulate(problem)
    result = LexicographicSolver(formulation).solve()
    if result.status is not SolveStatus.OPTIMAL:
        raise ValueError("the programme over the whole period has no answer")
    values, sessions, storage = result.values, formulation.sessions, formulation.storage
    level = np.where(sessions.level == NO_COLUMN, 0.0, values[sessions.level])
    car_w = level * problem.kwh_per_level / problem.grid.hours_h * KW
    battery_w = (values[storage.charge] - values[storage.discharge]) * KW
    units_w = np.vstack([car_w, battery_w])
    net_w = problem.fixed.point_mean_w + problem.point_share @ units_w
    net_w = net_w.reshape(len(problem.tree.roots), -1, net_w.shape[1]).sum(axis=1)
    start_value_eur = problem.median_offtake_eur_per_kwh * sum(
        battery.device.discharging_efficiency * battery.stored_kwh for battery in problem.batteries
    )
    return Hindsight(
        problem,
        result.money_eur + start_value_eur,
        car_w,
        battery_w,
        values[storage.stored].reshape(storage.stored.shape),
        net_w,
        (car_w * QUARTER_H).sum(axis=1),
    )


def period_money(
    problem: Problem, offtake_wh: FloatArray, injection_wh: FloatArray, end_stored_kwh: FloatArray
) -> RunMoney:
    """What a run's energies cost; offtake and injection (roots, n), the energy left in each battery (batteries,)."""
    kept_kwh = sum(
        battery.device.discharging_efficiency * (battery.stored_kwh - float(end_kwh))
        for battery, end_kwh in zip(problem.batteries, end_stored_kwh, strict=True)
    )
    energy = _energy_money(problem, offtake_wh.sum(axis=0) / 1e6, injection_wh.sum(axis=0) / 1e6)
    return RunMoney(
        energy_eur=energy.energy,
        grid_eur=energy.grid,
        levies_eur=energy.levies,
        peaks_eur=_peaks_eur(problem, offtake_wh, injection_wh),
        kept_eur=kept_kwh * problem.median_offtake_eur_per_kwh,
    )


def _energy_money(problem: Problem, offtake_mwh: FloatArray, injection_mwh: FloatArray) -> Money:
    if not problem.has_energy_cost or problem.prices is None:
        return Money()
    tariff, prices = problem.energy_tariff, problem.prices
    grid_eur = float(
        offtake_mwh @ tariff.grid_offtake_eur_per_mwh + injection_mwh @ tariff.grid_injection_eur_per_mwh
    )
    levies_eur = float(offtake_mwh @ tariff.levies_eur_per_mwh)
    all_eur = float(offtake_mwh @ prices.offtake_eur_per_mwh - injection_mwh @ prices.injection_eur_per_mwh)
    return Money(energy=all_eur - grid_eur - levies_eur, grid=grid_eur, levies=levies_eur)


def _peaks_eur(problem: Problem, offtake_wh: FloatArray, injection_wh: FloatArray) -> float:
    """All peak terms that have a price; a term of single phases counts an even share of the connection's power."""
    roots = [root.name for root in problem.tree.roots]
    total_eur = 0.0
    for term in problem.peaks:
        row = roots.index(term.root)
        energy_wh = (offtake_wh if term.sign > 0 else injection_wh)[row]
        share = len(term.points) / len(problem.tree.roots[row].phases)
        highest_w = float(np.max(energy_wh[term.counted], initial=0.0)) * share / QUARTER_H
        total_eur += (term.price_eur_per_kw or 0.0) * max(0.0, highest_w - term.floor_w) / KW
    return total_eur
