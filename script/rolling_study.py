#!/usr/bin/env python3
"""What a kWh kept for after the horizon should be worth: rolling runs over real prices against one programme.

docs/end-of-horizon.md explains the figures and holds those of one run. Start it with script/rolling-study.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from figures.measured_page import write_measured

from kwartier.planning.problem import Problem  # the package's tests are found from the root only
from tests.planning.hindsight import Hindsight, hindsight, value_in_hindsight
from tests.planning.rolling import (
    HOME,
    OFFICE,
    TRADER,
    BatterySite,
    Ends,
    KeptValue,
    Rhythm,
    Study,
    ends_beside,
    period,
    run,
)

Prices = npt.NDArray[np.float64]
PAGE = ROOT / "docs" / "end-of-horizon.md"

# Months of hourly prices, and October 2025 in quarter-hours, of which the data hold four weeks and a horizon.
DAYS_BY_PERIOD = {"2024-01": 30, "2024-04": 30, "2024-07": 30, "2025-10": 28}
SITES = (TRADER, HOME, OFFICE)
# The batteries' efficiencies, each way: the site document's default.
CHARGING = DISCHARGING = 0.95
OURS = "median"
HINDSIGHT = "hindsight"


def _quantile(share: float) -> KeptValue:
    return lambda problem: float(np.quantile(_offtake_eur_per_mwh(problem), share)) / 1000.0


def _offtake_eur_per_mwh(problem: Problem) -> Prices:
    if problem.prices is None:
        raise ValueError("the study's sites have prices")
    return problem.prices.offtake_eur_per_mwh


def _marginal_median(problem: Problem) -> float:
    """Median of what one more kWh costs the site without its battery: the injection price while the sun is too much."""
    if problem.prices is None:
        raise ValueError("the study's sites have prices")
    surplus = problem.fixed.point_mean_w.sum(axis=0) < 0.0
    marginal = np.where(surplus, problem.prices.injection_eur_per_mwh, problem.prices.offtake_eur_per_mwh)
    return float(np.median(marginal)) / 1000.0


# What a delivered kWh is worth after the horizon; None is the planner's own value.
KEPT_BY_NAME: dict[str, KeptValue | None] = {
    OURS: None,
    "zero": lambda _: 0.0,
    "lower quartile": _quantile(0.25),
    "mean": lambda problem: float(_offtake_eur_per_mwh(problem).mean()) / 1000.0,
    "maximum": _quantile(1.0),
    "median of marginal prices": _marginal_median,
}
EVERY_VALUE = (*KEPT_BY_NAME, HINDSIGHT)
DAY, SIX_HOURS = timedelta(days=1), timedelta(hours=6)
MIDNIGHT = Rhythm("P1D", DAY, DAY)
OTHER_ENDS = tuple(Rhythm("P1D", DAY, timedelta(hours=hour)) for hour in (6, 12, 18))
TWO_DAYS = Rhythm("P2D", DAY, DAY)
# The values tried with each rhythm.
SETTINGS: dict[Rhythm, tuple[str, ...]] = {
    MIDNIGHT: EVERY_VALUE,
    **dict.fromkeys(OTHER_ENDS, (OURS, "zero", "lower quartile", HINDSIGHT)),
    Rhythm("P1D", SIX_HOURS, SIX_HOURS): (OURS, "zero", "lower quartile"),
    TWO_DAYS: (OURS, "zero", "maximum"),
    Rhythm("P3D", DAY, DAY): (OURS,),
}


@dataclass(frozen=True)
class Result:
    """One run beside the optimum: EUR above the proven bound, and where the plans ended."""

    regret_eur: float
    ends: Ends


@dataclass(frozen=True)
class Case:
    """A site in a period: the optimum, and all runs by rhythm and value."""

    site: str
    period: str
    best: Hindsight
    results: dict[tuple[Rhythm, str], Result]


def case(site: BatterySite, period_name: str) -> Case:
    """Every rhythm and value for one site in one period."""
    study = Study(site, period(period_name), DAYS_BY_PERIOD[period_name])
    best = hindsight(study)
    if site.peak_floor_w is not None:
        # The peak is the month's affair, not the horizon's: the floor is what the optimum cannot avoid.
        study = replace(study, site=replace(site, peak_floor_w=best.peak_w))
        best = hindsight(study)
    kept_by_name = KEPT_BY_NAME | {HINDSIGHT: value_in_hindsight(study, best)}
    results = {}
    for rhythm, values in SETTINGS.items():
        for value in values:
            ran = run(study, rhythm, kept_by_name[value])
            ends = ends_beside(study, ran, best.stored_kwh)
            results[rhythm, value] = Result(ran.bill_eur - best.bound_eur, ends)
    return Case(site.name, period_name, best, results)


def _pooled_row(cases: list[Case], label: str, rhythms: tuple[Rhythm, ...], value: str) -> str:
    """One value with some rhythms, all cases together: money as a sum, the ends' figures as a mean."""
    found = [one.results[rhythm, value] for one in cases for rhythm in rhythms]
    regret_eur = sum(result.regret_eur for result in found) / len(rhythms)
    bill_eur = sum(one.best.bound_eur for one in cases)
    saving_eur = sum(one.best.idle_eur - one.best.bound_eur for one in cases)
    bias, dumped, hoarded = (
        sum(getattr(result.ends, figure) for result in found) / len(found)
        for figure in ("bias_percent", "dumped_percent", "hoarded_percent")
    )
    return (
        f"| {label} | {value} | {regret_eur:.2f} | {regret_eur / bill_eur:.3%} | {regret_eur / saving_eur:.2%} "
        f"| {bias:+.0f} | {dumped:.0f} | {hoarded:.0f} |"
    )


def _pooled(cases: list[Case]) -> Iterator[str]:
    """The table of all sites and periods together."""
    yield "| horizon, executed | a kept kWh | regret EUR | of the bill | of the saving | bias | dumped | hoarded |"
    yield "|---|---|---|---|---|---|---|---|"
    for rhythm, values in SETTINGS.items():
        first = f" after {_hours(rhythm.first)}" if rhythm.first != rhythm.executed else ""
        label = f"{rhythm.horizon}, {_hours(rhythm.executed)}{first}"
        for value in values:
            yield _pooled_row(cases, label, (rhythm,), value)
    for value in SETTINGS[OTHER_ENDS[0]]:
        yield _pooled_row(cases, "P1D, 24 h, mean of the four", (MIDNIGHT, *OTHER_ENDS), value)


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.0f} h"


def _by_case(cases: list[Case]) -> Iterator[str]:
    """The table of each site and period."""
    names = [
        "site",
        "period",
        "optimum",
        "proven within",
        "saving",
        *EVERY_VALUE,
        "P2D",
        "bias",
        "bias, zero",
    ]
    yield f"| {' | '.join(names)} |"
    yield "|---" * len(names) + "|"
    for one in cases:
        best = one.best
        money_eur = [best.bound_eur, best.bill_eur - best.bound_eur, best.idle_eur - best.bound_eur]
        money_eur += [one.results[MIDNIGHT, value].regret_eur for value in EVERY_VALUE]
        money_eur += [one.results[TWO_DAYS, OURS].regret_eur]
        biases = [one.results[MIDNIGHT, value].ends.bias_percent for value in (OURS, "zero")]
        # Adding 0.0 turns the solver's -0.00 into 0.00.
        cells = [f"{round(value, 2) + 0.0:.2f}" for value in money_eur] + [f"{bias:+.0f}" for bias in biases]
        yield f"| {one.site} | {one.period} | {' | '.join(cells)} |"


def balance_eur_per_mwh(offtake: Prices, sale: Prices) -> float:
    """The value of a stored MWh at which a battery that is never full or empty draws what it stores, EUR.

    It charges where offtake costs less than `CHARGING` x value and discharges where a sale earns more than value /
    `DISCHARGING`, at the same power.
    """
    values = np.linspace(offtake.min(), offtake.max(), 20_001)
    stored = CHARGING * np.searchsorted(np.sort(offtake), CHARGING * values)
    drawn = (len(sale) - np.searchsorted(np.sort(sale), values / DISCHARGING)) / DISCHARGING
    return float(values[np.argmax(stored >= drawn)])


def _derived() -> Iterator[str]:
    """The table of the planner's value and the two balances."""
    yield "| site | period | 0.95 x median | balance, saves offtake | balance, earns injection |"
    yield "|---|---|---|---|---|"
    for site in SITES:
        for name in DAYS_BY_PERIOD:
            market = period(name).day_ahead_eur_per_mwh
            offtake = market + site.offtake_margin_eur_per_mwh
            injection = market - site.injection_margin_eur_per_mwh
            figures = (
                DISCHARGING * float(np.median(offtake)),
                balance_eur_per_mwh(offtake, offtake),
                balance_eur_per_mwh(offtake, injection),
            )
            yield f"| {site.name} | {name} | {' | '.join(f'{value:.1f}' for value in figures)} |"


def _report(cases: list[Case]) -> str:
    lines = [
        "All sites and periods together:",
        "",
        *_pooled(cases),
        "",
        "Each site and period, EUR, horizon P1D, whole days from midnight; `P2D` is the median's regret there:",
        "",
        *_by_case(cases),
        "",
        "The derivation in figures, EUR per stored MWh, prices of the whole period:",
        "",
        *_derived(),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run every case on two workers and print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description="Rolling runs over real prices against one programme.")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/end-of-horizon.md")
    write = parser.parse_args().write
    pairs = [(site, name) for site in SITES for name in DAYS_BY_PERIOD]
    with ProcessPoolExecutor(max_workers=2) as pool:
        waiting = [pool.submit(case, site, name) for site, name in pairs]
        cases = []
        for (site, name), future in zip(pairs, waiting, strict=True):
            cases.append(future.result())
            print(f"{site.name} {name}", file=sys.stderr, flush=True)
    report = _report(cases)
    if write:
        write_measured(PAGE, report.removesuffix("\n"))
    print(report)


if __name__ == "__main__":
    main()
