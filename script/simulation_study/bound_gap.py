"""What no run can reach of the hindsight optimum, told apart: flows within a quarter-hour, and batteries both ways."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.formulation import formulate
from kwartier.planning.lexicographic import LexicographicSolver
from kwartier.planning.problem import Problem
from kwartier.simulation.result import PolicyRun
from kwartier.simulation.whole_period import period_money

# Solves until no battery goes both ways: what is forbidden in one step may move to another.
MOST_SOLVES_COUNT = 8
NEGLIGIBLE_KW = 1e-4


def within_quarters_eur(problem: Problem, run: PolicyRun) -> float:
    """What a run pays since a meter counts both ways within a quarter-hour, where the optimum has the balance only.

    A car that leaves at seven minutes past turns offtake into injection; both stand on the bill.
    """
    offtake_wh = np.array([one.offtake_wh for one in run.connections.values()])
    injection_wh = np.array([one.injection_wh for one in run.connections.values()])
    percents = run.charge_percent_by_battery
    end_kwh = np.array(
        [percents[one.device.name][-1] / 100.0 * one.capacity_kwh for one in problem.batteries]
    )
    net_wh = offtake_wh - injection_wh
    counted = period_money(problem, offtake_wh, injection_wh, end_kwh)
    balanced = period_money(problem, np.maximum(net_wh, 0.0), np.maximum(-net_wh, 0.0), end_kwh)
    return counted.total_eur - balanced.total_eur


def one_way_eur(problem: Problem) -> float:
    """What the optimum costs more with batteries that go one way at a time, each step as it went in balance.

    Other directions may cost a little less, so it is rather too much. A negative price pays for burning
    energy in a battery's losses, which no inverter does.
    """
    formulation = formulate(problem)
    storage, upper = formulation.storage, formulation.program.column_upper
    first = found = LexicographicSolver(formulation).solve()
    turned = _pays_to_burn(problem)
    for _ in range(MOST_SOLVES_COUNT):
        charge_kw, discharge_kw = found.values[storage.charge], found.values[storage.discharge]
        both = np.minimum(charge_kw, discharge_kw) > NEGLIGIBLE_KW
        if not both.any():
            return found.money_eur - first.money_eur
        # Where burning pays all steps keep to their direction at once, else it only moves to the next one.
        held = both | turned
        upper[storage.discharge[held & (charge_kw >= discharge_kw)]] = 0.0
        upper[storage.charge[held & (charge_kw < discharge_kw)]] = 0.0
        found = LexicographicSolver(formulation).solve()
    raise RuntimeError(f"a battery still goes both ways after {MOST_SOLVES_COUNT} solves")


def _pays_to_burn(problem: Problem) -> npt.NDArray[np.bool_]:
    """The steps in which somebody pays for offtake, or takes money for injection; shape (1, steps)."""
    if problem.prices is None:
        return np.zeros((1, problem.grid.step_count), dtype=bool)
    prices = problem.prices
    return np.asarray((prices.offtake_eur_per_mwh < 0.0) | (prices.injection_eur_per_mwh < 0.0))[None, :]
