"""acnportal simulations for the tests: its networks and tariff, and a working day of cars drawn by rule.

acnportal takes seconds to import. Here functions do it, so that a worker that only collects the tests need not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import numpy as np

from kwartier.adapters.acnportal.network import Infrastructure
from kwartier.forecasting.charging_session import PastSession

# 06:00 on a summer Monday by the tariff's clock, which is that of `start`; the first cars come at 07:00.
START = datetime(2019, 7, 1, 6, tzinfo=UTC)
CHARGER_KW = 6.656  # 32 A at 208 V


def algorithm(name: str, past: Sequence[PastSession] = ()) -> Any:
    """One of acnportal's, or `kwartier`, which may be told of days before."""
    from acnportal import algorithms as theirs

    from kwartier.adapters.acnportal.algorithm import KwartierAlgorithm

    made = {
        "kwartier": lambda: KwartierAlgorithm(past=past),
        "uncontrolled": theirs.UncontrolledCharging,
        "round_robin": lambda: theirs.RoundRobin(theirs.first_come_first_served),
        "least_laxity_first": lambda: theirs.SortedSchedulingAlgo(theirs.least_laxity_first),
        "earliest_deadline_first": lambda: theirs.SortedSchedulingAlgo(theirs.earliest_deadline_first),
    }
    return made[name]()


def network(site: str, *arguments: Any, **settings: Any) -> Any:
    """One of acnportal's sites by its name: `caltech`, `office001`, `simple`."""
    from acnportal.acnsim.network import sites
    from acnportal.acnsim.network.sites.auto_acn import simple_acn

    return (
        simple_acn(*arguments, **settings) if site == "simple" else getattr(sites, f"{site}_acn")(**settings)
    )


def infrastructure_of(described: Any) -> Infrastructure:
    """What an algorithm is told of a network."""
    from acnportal.acnsim import EventQueue, Simulator

    scheduler = algorithm("uncontrolled")
    Simulator(described, scheduler, EventQueue(), START, verbose=False)
    told: Infrastructure = scheduler.interface.infrastructure_info()
    return told


def working_day(
    stations: list[str],
    *,
    period_minutes: int,
    cars_count: int,
    stays_h: tuple[float, float] = (3, 7),
    two_stage: bool = False,
) -> Any:
    """Cars that arrive within three hours, stay three to seven, and want at most two thirds of what they could get."""
    from acnportal.acnsim import EV, Battery, EventQueue, Linear2StageBattery, PluginEvent

    random = Random(7)
    events = []
    for number, station in enumerate(random.sample(stations, cars_count)):
        arrival_h, stay_h = random.uniform(1, 4), random.uniform(*stays_h)
        arrival, departure = (int(h * 60 / period_minutes) for h in (arrival_h, arrival_h + stay_h))
        energy_kwh = min(random.uniform(4, 20), CHARGER_KW * stay_h * 2 / 3)
        capacity_kwh = 1.1 * energy_kwh if two_stage else energy_kwh
        battery = (Linear2StageBattery if two_stage else Battery)(capacity_kwh, 0, CHARGER_KW)
        car = EV(arrival, departure, energy_kwh, station, f"car-{number}", battery)
        events.append(PluginEvent(arrival, car))
    return EventQueue(events)


def simulated(
    name: str,
    *,
    past: Sequence[PastSession] = (),
    period_minutes: int = 15,
    transformer_kw: float = 150,
    **cars: Any,
) -> Any:
    """The day at Caltech under an algorithm, after its end."""
    from acnportal.acnsim import Simulator
    from acnportal.signals.tariffs import TimeOfUseTariff

    site = network("caltech", transformer_cap=transformer_kw)
    simulator = Simulator(
        site,
        algorithm(name, past),
        working_day(site.station_ids, period_minutes=period_minutes, **cars),
        START,
        period=period_minutes,
        signals={"tariff": TimeOfUseTariff("sce_tou_ev_4_march_2019")},
        verbose=False,
    )
    simulator.run()
    return simulator


def days_before(run: Any, period_minutes: int = 15) -> list[PastSession]:
    """The cars of a run as having come on the Thursday and the Friday before, for the cars to expect."""
    begin_s, period_s = START.timestamp(), 60.0 * period_minutes
    return [
        PastSession(
            car.station_id,
            None,
            begin_s - days * 86_400 + car.arrival * period_s,
            begin_s - days * 86_400 + car.departure * period_s,
            1000.0 * car.requested_energy,
        )
        for days in (3, 4)
        for car in run.ev_history.values()
    ]


def energy_kwh(simulator: Any) -> float:
    """What all cars got of what they asked for: in a whole period a large battery takes more than that."""
    cars = simulator.ev_history.values()
    return float(sum(min(car.energy_delivered, car.requested_energy) for car in cars))


def cost_eur(simulator: Any) -> float:
    """Energy and the day's highest power, as acnportal counts them."""
    from acnportal.acnsim import analysis

    return float(analysis.energy_cost(simulator) + analysis.demand_charge(simulator))


def peak_kw(simulator: Any) -> float:
    """The highest power of a period."""
    from acnportal.acnsim import analysis

    return float(analysis.aggregate_power(simulator).max())


def is_within_limits(simulator: Any) -> bool:
    """The network's own judgement of what the cars took."""
    return bool(simulator.network.is_feasible(np.asarray(simulator.charging_rates)))
