"""One month under one algorithm, and what acnportal's own analysis says of it."""

import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from acnportal.acnsim import EventQueue, Simulator, analysis
from acnportal.acnsim.network.sites import caltech_acn
from acnportal.algorithms import (
    BaseAlgorithm,
    RoundRobin,
    SortedSchedulingAlgo,
    UncontrolledCharging,
    earliest_deadline_first,
    first_come_first_served,
    least_laxity_first,
)
from acnportal_study.cars import PERIOD_MINUTES

from kwartier.adapters.acnportal.algorithm import KwartierAlgorithm

ALGORITHMS: Mapping[str, Callable[[str], BaseAlgorithm]] = {
    "uncontrolled": lambda _: UncontrolledCharging(),
    "round robin": lambda _: RoundRobin(first_come_first_served),
    "least laxity first": lambda _: SortedSchedulingAlgo(least_laxity_first),
    "earliest deadline first": lambda _: SortedSchedulingAlgo(earliest_deadline_first),
    "kwartier": lambda timezone: KwartierAlgorithm(timezone=timezone),
}


@dataclass(frozen=True)
class Month:
    """What all algorithms get: the cars, anew for each, the tariff, the size of the transformer."""

    title: str
    start: datetime
    timezone: str
    cars: Callable[[list[str]], EventQueue]
    tariff: Any
    transformer_kw: float


@dataclass(frozen=True)
class Judged:
    """One line of the table; `overloaded_count` is the number of periods in which the network's own check fails."""

    algorithm: str
    asked_kwh: float
    charged_kwh: float
    full_count: int
    cars_count: int
    energy_eur: float
    peak_eur: float
    peak_kw: float
    overloaded_count: int
    processor_s: float


def judged(month: Month, algorithm: str) -> Judged:
    """Simulate and judge, with acnportal's `analysis` and `is_feasible`."""
    network = caltech_acn(transformer_cap=month.transformer_kw)
    simulator = Simulator(
        network,
        ALGORITHMS[algorithm](month.timezone),
        month.cars(network.station_ids),
        month.start,
        period=PERIOD_MINUTES,
        signals={"tariff": month.tariff},
        verbose=False,
    )
    before_s = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # acnportal warns of each overload, which are counted below
        simulator.run()
    rates_a = np.asarray(simulator.charging_rates)
    cars = simulator.ev_history.values()
    return Judged(
        algorithm=algorithm,
        asked_kwh=float(analysis.total_energy_requested(simulator)),
        charged_kwh=float(analysis.total_energy_delivered(simulator)),
        full_count=sum(car.remaining_demand < 0.1 for car in cars),
        cars_count=len(cars),
        energy_eur=float(analysis.energy_cost(simulator)),
        peak_eur=float(analysis.demand_charge(simulator)),
        peak_kw=float(analysis.aggregate_power(simulator).max()),
        overloaded_count=sum(not network.is_feasible(column[:, None]) for column in rates_a.T),
        processor_s=time.process_time() - before_s,
    )
