"""EMHASS' day-ahead optimisation; runs in EMHASS' environment.

The argument says whether each plan makes a new `Optimization` object (`new`), reuses the one of the last plan with the
same site limit (`reused`, as its web server's cache does), or also gets the problem that it has just solved (`again`,
the best that reusing can do). Prices are in EUR/kWh, powers in W.
"""

import logging
import sys
from importlib.resources import files
from json import loads
from typing import Any

import pandas as pd
from answering import answer_all, timed
from emhass.optimization import Optimization

Json = dict[str, Any]

DEFAULTS: Json = loads((files("emhass") / "data" / "config_defaults.json").read_text(encoding="utf-8"))
LOAD, SOLAR, COST, PRICE = "load", "solar", "cost", "price"


def optim_conf(problem: Json) -> Json:
    """The shipped defaults, with the cars as loads of variable power that run so many full-power hours."""
    cars = problem["cars"]
    per_car = {
        "nominal_power_of_deferrable_loads": [car["power_w"] for car in cars],
        "minimum_power_of_deferrable_loads": [0.0 for _ in cars],
        "operating_hours_of_each_deferrable_load": [car["energy_wh"] / car["power_w"] for car in cars],
        "start_timesteps_of_each_deferrable_load": [car["first_step"] for car in cars],
        "end_timesteps_of_each_deferrable_load": [car["end_step"] for car in cars],
        "treat_deferrable_load_as_semi_cont": [False for _ in cars],
        "set_deferrable_load_single_constant": [False for _ in cars],
        "set_deferrable_startup_penalty": [0.0 for _ in cars],
        "deferrable_load_max_cost": [0.0 for _ in cars],
        "set_deferrable_max_startups": [0 for _ in cars],
        "def_minimum_on_time": [0 for _ in cars],
        "def_minimum_off_time": [0 for _ in cars],
        "cost_forecast_per_deferrable_load": [None for _ in cars],
        "is_electric_load": [True for _ in cars],
    }
    site = {
        "number_of_deferrable_loads": len(cars),
        "set_use_pv": True,
        "set_use_battery": True,
        "set_nodischarge_to_grid": False,
    }
    return DEFAULTS | per_car | site


def plant_conf(problem: Json) -> Json:
    """The battery from empty to full. EMHASS lowers the discharging power by the efficiency, so it gets more of it."""
    battery = problem["battery"]
    return DEFAULTS | {
        "maximum_power_from_grid": problem["site_limit_w"],
        "maximum_power_to_grid": problem["site_limit_w"],
        "battery_discharge_power_max": battery["discharging_power_w"] / battery["discharging_efficiency"],
        "battery_charge_power_max": battery["charging_power_w"],
        "battery_discharge_efficiency": battery["discharging_efficiency"],
        "battery_charge_efficiency": battery["charging_efficiency"],
        "battery_nominal_energy_capacity": battery["capacity_wh"],
        "battery_minimum_state_of_charge": 0.0,
        "battery_maximum_state_of_charge": 1.0,
    }


def new_object(problem: Json) -> Optimization:
    """An optimisation object for a problem of this size and site limit."""
    measured = {
        "optimization_time_step": pd.Timedelta("15min"),
        "time_zone": "UTC",
        "sensor_power_photovoltaics": SOLAR,
        "sensor_power_load_no_var_loads": LOAD,
    }
    return Optimization(
        measured,
        optim_conf(problem),
        plant_conf(problem),
        COST,
        PRICE,
        "profit",
        {},
        logging.getLogger("peer"),
    )


def inputs(problem: Json) -> pd.DataFrame:
    """Forecasts and prices over the horizon."""
    index = pd.date_range(problem["start"], periods=len(problem["load_w"]), freq="15min")
    return pd.DataFrame(
        {
            LOAD: problem["load_w"],
            SOLAR: [-power_w for power_w in problem["solar_w"]],
            COST: [price / 1000.0 for price in problem["offtake_eur_per_mwh"]],
            PRICE: [price / 1000.0 for price in problem["injection_eur_per_mwh"]],
        },
        index=index,
    )


class Planner:
    """One plan after the other, with new or with reused objects."""

    def __init__(self, objects: str) -> None:
        self.reuse = objects != "new"
        self.again = objects == "again"
        self.objects: dict[float, Optimization] = {}

    def optimisation(self, problem: Json) -> Optimization:
        """The object of this site limit, told of this problem's cars; or a new one."""
        found = self.objects.get(problem["site_limit_w"]) if self.reuse else None
        if found is None:
            found = self.objects[problem["site_limit_w"]] = new_object(problem)
        else:
            found.optim_conf.update(optim_conf(problem))
        return found

    def solve(self, problem: Json) -> Json:
        """Plan one problem; the time is that of making or finding the object and of its optimisation."""
        table, battery = inputs(problem), problem["battery"]
        share = battery["stored_wh"] / battery["capacity_wh"]

        def run() -> tuple[Optimization, pd.DataFrame]:
            optimisation = self.optimisation(problem)
            return optimisation, optimisation.perform_dayahead_forecast_optim(
                table, table[SOLAR], table[LOAD], soc_init=share, soc_final=share
            )

        if self.again:
            run()
        (optimisation, result), times = timed(run)
        if optimisation.optim_status != "Optimal":
            return {"error": f"solver: {optimisation.optim_status}"}
        schedule = {
            car["pole"]: [float(power_w) for power_w in result[f"P_deferrable{number}"]]
            for number, car in enumerate(problem["cars"])
        }
        schedule[battery["name"]] = [-float(power_w) for power_w in result["P_batt"]]
        return {**times, "schedule": schedule}


if __name__ == "__main__":
    answer_all(Planner(sys.argv[1]).solve, ["emhass", "cvxpy", "highspy", "pandas", "numpy"])
