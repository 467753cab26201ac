"""Cars of a month at the Caltech network: real workplace sessions, and acnportal's stochastic ones fitted to them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from acnportal.acnsim import EV, Battery, EventQueue, GaussianMixtureEvents, PluginEvent

PERIOD_MINUTES = 15
# What a station of 32 A at 208 V can give.
CHARGER_KW = 32 * 208 / 1000
DAY_PERIODS = 24 * 60 // PERIOD_MINUTES
SATURDAY = 5
LEAST_KWH = 0.5
# Hours since midnight, hours of stay, kWh: acnportal's order of a sample.
Sample = tuple[float, float, float]
CarsOfDay = Callable[[int, int], list[Sample]]


def real_cars(folder: Path, random: Random) -> CarsOfDay:
    """Sessions of workdays in an order of chance, each once before any comes again; their date is the simulation's."""
    samples = list(_samples(_sessions(folder)))
    random.shuffle(samples)
    return lambda first, count: [samples[number % len(samples)] for number in range(first, first + count)]


def stochastic_cars(folder: Path, seed: int) -> CarsOfDay:
    """Draws of acnportal's Gaussian mixture (12 components), fitted to the same sessions."""
    model = GaussianMixtureEvents(n_components=12, random_state=seed, duration_max=14.0, energy_min=LEAST_KWH)
    model.fit(_sessions(folder).to_dict("records"))
    drawn = model.sample(10_000)
    np.random.default_rng(seed).shuffle(drawn)
    return lambda first, count: [
        (float(hour), float(stay_h), float(kwh)) for hour, stay_h, kwh in drawn[first : first + count]
    ]


def month_of_cars(
    stations: list[str], cars_of_day: CarsOfDay, *, workdays: list[int], cars_per_day: int, random: Random
) -> EventQueue:
    """A queue of the cars of the days with these numbers; each takes a free station by chance, or drives on.

    No car asks for more than its stay can give, and its battery is then full: acnportal's own default.
    """
    free_from = dict.fromkeys(stations, 0)
    events: list[PluginEvent] = []
    for order, day in enumerate(workdays):
        for hour, stay_h, kwh in sorted(cars_of_day(order * cars_per_day, cars_per_day)):
            arrival = day * DAY_PERIODS + int(hour * 60 / PERIOD_MINUTES)
            departure = arrival + int(np.ceil(stay_h * 60 / PERIOD_MINUTES))
            wanted_kwh = min(kwh, CHARGER_KW * (departure - arrival) * PERIOD_MINUTES / 60)
            free = [station for station in stations if free_from[station] <= arrival]
            if departure <= arrival or wanted_kwh < LEAST_KWH or not free:
                continue
            station = random.choice(free)
            free_from[station] = departure
            battery = Battery(wanted_kwh, 0, CHARGER_KW)
            car = EV(arrival, departure, wanted_kwh, station, f"car-{len(events)}", battery)
            events.append(PluginEvent(arrival, car))
    return EventQueue(events)


def _sessions(folder: Path) -> pd.DataFrame:
    """Sessions of workdays as acnportal's `fit` reads them; the data's clock is the local one."""
    table = pd.read_csv(
        folder / "sessions/us_workplace_sessions.csv", parse_dates=["arrival_utc", "departure_utc"]
    )
    stays = table.departure_utc - table.arrival_utc
    kept = (
        table.flag.isna()
        & (table.arrival_utc.dt.dayofweek < SATURDAY)
        & (stays < timedelta(hours=14))
        & (table.energy_wh >= 1000 * LEAST_KWH)
    )
    named = table[kept].rename(columns={"arrival_utc": "connectionTime", "departure_utc": "disconnectTime"})
    return named.assign(kWhDelivered=named.energy_wh / 1000)


def _samples(sessions: pd.DataFrame) -> Iterator[Sample]:
    for row in sessions.itertuples():
        stay_h = (row.disconnectTime - row.connectionTime).total_seconds() / 3600
        yield row.connectionTime.hour + row.connectionTime.minute / 60, stay_h, row.kWhDelivered
