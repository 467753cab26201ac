#!/usr/bin/env python3
"""Our planner among acnportal's algorithms, judged by acnportal; started by `script/bench acnportal FOLDER`.

docs/acnportal.md explains the figures and says where the data come from.
"""

import argparse
import calendar
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "script")]

import pandas as pd
from acnportal.signals.tariffs import TimeOfUseTariff
from acnportal_study.cars import SATURDAY, CarsOfDay, month_of_cars, real_cars, stochastic_cars
from acnportal_study.runs import ALGORITHMS, Judged, Month, judged
from figures.measured_page import write_measured

from kwartier.adapters.acnportal.price_tariff import PriceTariff

PAGE = ROOT / "docs" / "acnportal.md"
SEED = 8
# Capacity tariff of the Flemish low-voltage grid, Antwerpen 2025: 50.242 EUR per kW of the mean month peak and year.
PEAK_EUR_PER_KW = 50.242 / 12
HEAD = (
    "| algorithm | charged, kWh | of what was asked, % | cars filled | energy, EUR | peak, EUR | together, EUR "
    "| peak, kW | periods overloaded | processor, s |\n|---|---|---|---|---|---|---|---|---|---|"
)


def seeded() -> Random:
    """The same chances for all."""
    return Random(SEED)  # noqa: S311  # a seeded source is what repeats


def months(folder: Path, cars_per_day: int, days_count: int) -> Iterator[Month]:
    """The cases: two kinds of cars, two tariffs, and a transformer that is too small."""
    real, drawn = real_cars(folder, seeded()), stochastic_cars(folder, SEED)
    pacific = datetime(2019, 7, 1, tzinfo=ZoneInfo("America/Los_Angeles"))
    belgian = datetime(2024, 7, 1, tzinfo=ZoneInfo("Europe/Brussels"))
    tou = TimeOfUseTariff("sce_tou_ev_4_march_2019")
    day_ahead = _day_ahead(folder)
    yield _month("Real sessions, time-of-use tariff", pacific, real, tou, cars_per_day, days_count)
    yield _month(
        "acnportal's stochastic sessions, Belgian day-ahead prices of 2024",
        belgian,
        drawn,
        day_ahead,
        cars_per_day,
        days_count,
    )
    yield _month(
        "Real sessions, time-of-use tariff, a transformer of 50 instead of 150 kW",
        pacific,
        real,
        tou,
        cars_per_day,
        days_count,
        transformer_kw=50,
    )


def _month(
    title: str,
    start: datetime,
    cars_of_day: CarsOfDay,
    tariff: object,
    cars_per_day: int,
    days_count: int,
    transformer_kw: float = 150,
) -> Month:
    whole = calendar.monthrange(start.year, start.month)[1]
    workdays = [
        day for day in range(min(days_count, whole)) if (start + timedelta(days=day)).weekday() < SATURDAY
    ]
    return Month(
        title,
        start,
        str(start.tzinfo),
        lambda stations: month_of_cars(
            stations, cars_of_day, workdays=workdays, cars_per_day=cars_per_day, random=seeded()
        ),
        tariff,
        transformer_kw,
    )


def _day_ahead(folder: Path) -> PriceTariff:
    table = pd.read_csv(folder / "prices/be_dayahead_hourly_2020_2024.csv", parse_dates=[0], index_col=0)
    prices = table.iloc[:, 0].dropna()
    return PriceTariff(prices.index[0].to_pydatetime(), timedelta(hours=1), prices.tolist(), PEAK_EUR_PER_KW)


def _line(one: Judged) -> str:
    return (
        f"| {one.algorithm} | {one.charged_kwh:,.1f} | {100 * one.charged_kwh / one.asked_kwh:.2f} "
        f"| {one.full_count:,} of {one.cars_count:,} | {one.energy_eur:,.0f} | {one.peak_eur:,.0f} "
        f"| {one.energy_eur + one.peak_eur:,.0f} | {one.peak_kw:.1f} | {one.overloaded_count} "
        f"| {one.processor_s:.0f} |"
    )


def main() -> None:
    """Simulate, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the data sets, in folders prices and sessions")
    parser.add_argument("--cars", type=int, default=60, help="how many cars come on a workday")
    parser.add_argument("--days", type=int, default=31, help="how many days of the month are simulated")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/acnportal.md")
    options = parser.parse_args()
    told: list[str] = []
    for month in months(options.folder, options.cars, options.days):
        told += [f"**{month.title}**\n", HEAD]
        print("\n".join(told[-2:]), flush=True)
        for algorithm in ALGORITHMS:
            told.append(_line(judged(month, algorithm)))
            print(told[-1], flush=True)
        told.append("")
    if options.write:
        write_measured(PAGE, "\n".join(told))


if __name__ == "__main__":
    main()
