"""Which cars come: those that a plan request tells of, by the clock of today, or made-up ones from a seed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from kwartier.simulation.car import Car
from kwartier.site.transaction import Transaction

# Made-up cars, ours: they come by day, stay for some hours, leave on the same day, and are of the usual kinds.
EARLIEST_H, LATEST_H, SHORTEST_H, LONGEST_H = 7.0, 17.0, 1.0, 6.0
LEAST_WH, MOST_WH = 5_000.0, 35_000.0
# On one phase 32 A at 230 V, on three 16 A: what most cars take at a public pole.
KINDS = ((1, 7_360.0), (3, 11_040.0), (3, 11_040.0))


def told_cars(told: Iterable[Transaction], *, largest_w: float = 11_040.0) -> Iterator[Car]:
    """The cars of transactions that tell their departure and energy; the others could never leave or fill."""
    for one in told:
        if one.departure_time is None or one.requested_energy is None or one.transaction_state == "Ended":
            continue
        yield Car(
            transaction_id=one.transaction_id,
            asset_id=one.asset_id,
            arrival=one.start_time,
            departure=one.departure_time,
            requested_wh=one.requested_energy,
            largest_w=one.max_power or largest_w,
            phase_count=one.no_charging_phases or 3,
            charged_before_wh=one.energy_charged or 0.0,
        )


def seeded_cars(poles: Iterable[str], days: Iterable[date], zone: ZoneInfo, *, seed: int) -> Iterator[Car]:
    """A car per pole and local day; the same seed gives the same cars."""
    poles = list(poles)
    for day in days:
        for pole in poles:
            chance = Random(f"{seed}/{pole}/{day}")  # noqa: S311  # a seeded source is what repeats
            midnight = datetime.combine(day, time(), tzinfo=zone)
            arrival = midnight + timedelta(hours=chance.uniform(EARLIEST_H, LATEST_H))
            stay = timedelta(hours=chance.uniform(SHORTEST_H, LONGEST_H))
            phase_count, largest_w = chance.choice(KINDS)
            yield Car(
                transaction_id=f"simulated-{pole}-{day}"[:200],
                asset_id=pole,
                arrival=arrival,
                departure=arrival + stay,
                requested_wh=chance.uniform(LEAST_WH, MOST_WH),
                largest_w=largest_w,
                phase_count=phase_count,
            )
