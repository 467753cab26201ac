"""FlexMeasures' device scheduler, called the way its storage scheduler calls it; runs in FlexMeasures' environment.

The argument names the solver setting: `highspy` (its default: HiGHS filled directly) or `appsi_highs` (through Pyomo).
Units are its own: MW, and stocks in MW times one step.
"""

import sys
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from answering import answer_all, timed
from flask import Flask
from flexmeasures.data.models.planning import FlowCommitment
from flexmeasures.data.models.planning.linear_optimization import device_scheduler
from flexmeasures.data.models.planning.utils import initialize_df

Json = dict[str, Any]

STEP = timedelta(minutes=15)
STEPS_PER_HOUR = 4
COLUMNS = [
    "equals",
    "max",
    "min",
    "efficiency",
    "derivative equals",
    "derivative max",
    "derivative min",
    "derivative down efficiency",
    "derivative up efficiency",
    "stock delta",
]


def frame(problem: Json) -> pd.DataFrame:
    """An empty table of constraints over the horizon."""
    start = datetime.fromisoformat(problem["start"])
    return initialize_df(COLUMNS, start, start + len(problem["offtake_eur_per_mwh"]) * STEP, STEP)


def stock(energy_wh: float) -> float:
    """Energy in the scheduler's unit of stock."""
    return energy_wh / 1e6 * STEPS_PER_HOUR


def fixed_device(problem: Json, power_w: list[float]) -> pd.DataFrame:
    """A device that follows its forecast."""
    device = frame(problem)
    device["derivative equals"] = [value / 1e6 for value in power_w]
    return device


def battery_device(problem: Json) -> pd.DataFrame:
    """The battery, whose stock counts from where it begins, and ends there."""
    battery = problem["battery"]
    device = frame(problem)
    device["max"] = stock(battery["capacity_wh"] - battery["stored_wh"])
    device["min"] = stock(-battery["stored_wh"])
    device.loc[device.index[-1], "equals"] = 0.0
    device["derivative max"] = battery["charging_power_w"] / 1e6
    device["derivative min"] = -battery["discharging_power_w"] / 1e6
    device["derivative up efficiency"] = battery["charging_efficiency"]
    device["derivative down efficiency"] = battery["discharging_efficiency"]
    return device.astype(float)


def car_device(problem: Json, car: Json) -> pd.DataFrame:
    """A car that takes power in its window only and has its energy at the window's end."""
    device = frame(problem)
    device["max"], device["min"] = stock(car["energy_wh"]), 0.0
    window = device.index[car["first_step"] : car["end_step"]]
    device["derivative max"] = device["derivative min"] = 0.0
    device.loc[window, "derivative max"] = car["power_w"] / 1e6
    device.loc[window[-1], "equals"] = stock(car["energy_wh"])
    return device.astype(float)


def arguments(problem: Json) -> Json:
    """What the scheduler is called with; it changes its arguments, so each call gets new ones."""
    site = frame(problem)
    site["derivative max"] = problem["site_limit_w"] / 1e6
    site["derivative min"] = -problem["site_limit_w"] / 1e6
    energy = FlowCommitment(
        name="energy",
        quantity=0,
        upwards_deviation_price=pd.Series(problem["offtake_eur_per_mwh"], index=site.index) / STEPS_PER_HOUR,
        downwards_deviation_price=pd.Series(problem["injection_eur_per_mwh"], index=site.index)
        / STEPS_PER_HOUR,
        index=site.index,
    )
    cars = [car_device(problem, car) for car in problem["cars"]]
    fixed = [fixed_device(problem, problem[name]) for name in ("load_w", "solar_w")]
    return {
        "device_constraints": [battery_device(problem), *cars, *fixed],
        "ems_constraints": site.astype(float),
        "commitments": [energy],
        "initial_stock": [stock(problem["battery"]["stored_wh"]), *(0.0 for _ in [*cars, *fixed])],
    }


def solve(problem: Json) -> Json:
    """Schedule one problem; the time is that of the scheduler, without the making of its arguments."""
    named = arguments(problem)
    (schedules, _, results, _), times = timed(lambda: device_scheduler(**named))
    if (condition := str(results.solver.termination_condition)) != "optimal":
        return {"error": f"solver: {condition}"}
    names = [problem["battery"]["name"], *(car["pole"] for car in problem["cars"])]
    pairs = zip(names, schedules, strict=False)  # the two fixed devices follow
    return {**times, "schedule": {name: [mw * 1e6 for mw in series] for name, series in pairs}}


if __name__ == "__main__":
    app = Flask("peer")
    app.config.update(FLEXMEASURES_LP_SOLVER=sys.argv[1], LOGGING_LEVEL="INFO")
    with app.app_context():
        answer_all(solve, ["flexmeasures", "highspy", "pyomo", "pandas", "numpy"])
