"""One programme over a whole period that knows everything: what no rolling run can beat.

It is the planner's own linear programme, with one more binary column for each step in which a price is negative, so
that the battery goes one way at a time there too. The solver's proven bound is what runs are compared with.
"""

from dataclasses import dataclass, replace
from unittest.mock import patch

import highspy
import numpy as np
import numpy.typing as npt

from kwartier.planning.costing import money
from kwartier.planning.discrete import DiscreteSolver
from kwartier.planning.formulation import Formulation, formulate
from kwartier.planning.planner import schedule_of
from kwartier.planning.problem import Problem, build_problem
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME
from kwartier.units.quarter_hour import epoch_s
from tests.planning.rolling import START_PERCENT, KeptValue, Study, kept_energy_is_worth, peak_eur

FloatArray = npt.NDArray[np.float64]
# Closer takes minutes: the tables say how far bill and bound lie apart.
RELATIVE_GAP = 2e-5
ABSOLUTE_GAP_EUR = 5e-3
MOST_NODES = 20


@dataclass(frozen=True)
class Hindsight:
    """What the one programme pays, and what it stores and a stored kWh is worth to it.

    `bound_eur` is proven: no plan pays less. `bill_eur` is reached by the plan that `stored_kwh`, `value_eur_per_kwh`
    (at the end of each quarter-hour) and `peak_w` (highest offtake) belong to; `idle_eur` is paid without a battery.
    """

    bound_eur: float
    bill_eur: float
    idle_eur: float
    peak_w: float
    stored_kwh: FloatArray
    value_eur_per_kwh: FloatArray


def hindsight(study: Study) -> Hindsight:
    """Solve the whole period in one go."""
    with patch.dict(HORIZON_DAYS_BY_NAME, {"P3D": study.days}), kept_energy_is_worth(lambda _: 0.0):
        problem = build_problem(study.request(study.period.start, "P3D", START_PERCENT, 0.0))
        formulation = formulate(problem)
        solver = DiscreteSolver(problem, formulation, problem.request.options.search_nodes)
        first = solver.solve()
        if first is None:
            raise ValueError("the programme over the whole period has no answer")
        bound_eur, charging = _one_way_at_a_time(problem, formulation)
        result = solver.solve_choices(replace(first.choices, charging=charging))
        schedule = schedule_of(problem, formulation, replace(first, result=result))
        costs = money(problem, schedule)
    fixed_kw = problem.fixed.point_mean_w.sum(axis=0) / 1000.0
    first_row = formulation.first_row_by_block["storage"]
    return Hindsight(
        bound_eur=bound_eur,
        bill_eur=costs.energy + costs.peaks,
        idle_eur=_energy_eur(problem, fixed_kw) + peak_eur(study.site, float(fixed_kw.max()) * 1000.0),
        peak_w=float((fixed_kw * 1000.0 + schedule.battery_w[0]).max()),
        stored_kwh=schedule.stored_kwh[0],
        # One kWh more in the balance of a step is one kWh for nothing, and saves what a stored kWh is worth.
        value_eur_per_kwh=-result.row_duals_eur[first_row : first_row + problem.grid.step_count],
    )


def _one_way_at_a_time(problem: Problem, formulation: Formulation) -> tuple[float, npt.NDArray[np.int8]]:
    """The proven bound of the money (EUR), and where the battery may only charge (1) or discharge (-1), (1, n)."""
    assert problem.prices is not None
    prices = problem.prices
    negative = np.flatnonzero((prices.offtake_eur_per_mwh < 0.0) | (prices.injection_eur_per_mwh < 0.0))
    program, storage = formulation.program, formulation.storage
    highs = _linear_programme(formulation)
    most_kw = problem.batteries[0].charging_max_kw, problem.batteries[0].discharging_max_kw
    for number, step in enumerate(negative.tolist()):
        switch = program.columns + number
        highs.addVar(0.0, 1.0)
        highs.changeColIntegrality(switch, highspy.HighsVarType.kInteger)
        charge = np.array([storage.charge[0, step], switch], dtype=np.int32)
        highs.addRow(-highspy.kHighsInf, 0.0, 2, charge, np.array([1.0, -most_kw[0]]))
        discharge = np.array([storage.discharge[0, step], switch], dtype=np.int32)
        highs.addRow(-highspy.kHighsInf, most_kw[1], 2, discharge, np.array([1.0, most_kw[1]]))
    highs.run()
    info, values = highs.getInfo(), np.array(highs.getSolution().col_value)
    charging = np.zeros((1, problem.grid.step_count), dtype=np.int8)
    charging[0, negative] = np.where(values[program.columns :] > 0.5, 1, -1)
    return float(info.mip_dual_bound if len(negative) else info.objective_function_value), charging


def _linear_programme(formulation: Formulation) -> highspy.Highs:
    """The money of a formulation with the policies kept, ready for more columns and rows."""
    program, storage = formulation.program, formulation.storage
    upper = program.column_upper.copy()
    upper[storage.under] = storage.least_under_kwh
    upper[storage.over] = storage.least_over_kwh
    highs = highspy.Highs()
    for name, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", RELATIVE_GAP),
        ("mip_abs_gap", ABSOLUTE_GAP_EUR),
        ("mip_max_nodes", MOST_NODES),
    ):
        highs.setOptionValue(name, setting)
    highs.passModel(
        program.columns,
        program.rows,
        program.nonzeros,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        formulation.fixed_money_eur,
        formulation.money_eur,
        program.column_lower,
        upper,
        program.row_lower,
        program.row_upper,
        program.row_start,
        program.column_index,
        program.value,
        np.zeros(program.columns, dtype=np.int32),
    )
    return highs


def _energy_eur(problem: Problem, net_kw: FloatArray) -> float:
    prices = problem.prices
    assert prices is not None
    paid = np.maximum(net_kw, 0.0) * prices.offtake_eur_per_mwh
    earned = np.maximum(-net_kw, 0.0) * prices.injection_eur_per_mwh
    return float(((paid - earned) * problem.grid.hours_h).sum()) / 1000.0


def value_in_hindsight(study: Study, known: Hindsight) -> KeptValue:
    """What a stored kWh is worth to the one programme at the end of a plan's horizon."""
    start_s = epoch_s(study.period.start)

    def value(problem: Problem) -> float:
        quarter = int((problem.grid.end_s - start_s) / 900.0) - 1
        efficiency = problem.batteries[0].device.discharging_efficiency
        # After the period the battery's end is fixed, and no value changes anything that is executed.
        return float(known.value_eur_per_kwh[min(quarter, len(known.value_eur_per_kwh) - 1)]) / efficiency

    return value
