"""A whole period as one plan problem with everything known: what it costs, and the least that it could have cost."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import formulate
from kwartier.planning.lexicographic import LexicographicSolver
from kwartier.planning.plan import Money
from kwartier.planning.problem import Problem, build_problem
from kwartier.planning.program import NO_COLUMN
from kwartier.planning.request import (
    BatteryState,
    DayAhead,
    PlanOptions,
    PlanRequest,
    SeriesForecast,
    SiteState,
    TariffState,
)
from kwartier.planning.solve import SolveStatus
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.result import RunMoney
from kwartier.simulation.running_site import HALF_FULL_PERCENT
from kwartier.simulation.tariff_memory import highest_peak_w, year_offtake_kwh
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.tariffs.day_ahead.horizon import horizon_prices
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S

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


def period_problem(recorded: RecordedSite, period: Period, *, with_cars: bool = True) -> Problem:
    """The period as one problem, all in quarter-hours. Raises InvalidRequest where the site cannot be planned."""
    known = horizon_prices(period.start, period.end, recorded.price_days)
    request = PlanRequest(
        site=recorded.site,
        at=period.start,
        day_ahead=DayAhead(start=known.start, eur_per_mwh=list(known.eur_per_mwh))
        if recorded.price_days
        else None,
        forecasts={name: _known_series(recorded, name, period) for name in recorded.series},
        state=SiteState(
            batteries={
                one.name: BatteryState(state_of_charge=HALF_FULL_PERCENT) for one in recorded.batteries
            }
        ),
        transactions=[_reservation(recorded, index, period) for index in _cars_of(recorded, period)]
        if with_cars
        else [],
        tariff_state=tariff_states(recorded, period),
        options=PlanOptions(resolution="PT15M"),
    )
    return build_problem(request, horizon_days=period.days)


def tariff_states(recorded: RecordedSite, period: Period) -> dict[str, TariffState]:
    """What the tariff of each connection remembers at the start of a period."""
    state = TariffState(
        highest_peak_12m_w=highest_peak_w(recorded.facts, period.start, recorded.zone),
        year_offtake_kwh=year_offtake_kwh(recorded.facts, period.start, recorded.zone),
    )
    return {root.name: state for root in electrical_tree(recorded.configuration).roots}


def _known_series(recorded: RecordedSite, name: str, period: Period) -> SeriesForecast:
    history = recorded.series[name]
    first = (period.start_s - history.first_s) // QUARTER_S
    count = (period.end_s - period.start_s) // QUARTER_S
    return SeriesForecast(start=period.start, power_w=history.power_w[first : first + count].tolist())


def _cars_of(recorded: RecordedSite, period: Period) -> list[int]:
    return [index for index, car in enumerate(recorded.cars) if period.start <= car.arrival < period.end]


def _reservation(recorded: RecordedSite, index: int, period: Period) -> Transaction:
    car = recorded.cars[index]
    return Transaction(
        asset_id=car.asset_id,
        transaction_id=car.transaction_id,
        timestamp=period.start,
        transaction_state="Started",
        start_time=car.arrival,
        departure_time=car.departure,
        no_charging_phases=car.phase_count,
        max_power=car.largest_w,
        requested_energy=car.requested_wh,
        energy_charged=car.charged_before_wh,
    )


def hindsight(recorded: RecordedSite, period: Period) -> Hindsight:
    """Solve the whole period in one go; raises ValueError where it has no answer."""
    problem = period_problem(recorded, period)
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
