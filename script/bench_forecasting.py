#!/usr/bin/env python3
"""How good the forecasts are on public series, walking forward; started by `script/bench forecasting FOLDER`.

docs/forecasting.md explains the figures and says where the data come from.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "script")]

from figures.measured_page import write_measured
from forecast_study.naive import SeasonalNaive
from forecast_study.series import StudySeries, load_series, solar_series
from forecast_study.sessions import SessionSkill, load_sites, skill
from forecast_study.walk import Errors, walk

from kwartier.forecasting.forecaster import Forecaster
from kwartier.forecasting.load_forecast import forecast_load
from kwartier.forecasting.pv_forecast import forecast_pv

PAGE = ROOT / "docs" / "forecasting.md"
SERIES_HEAD = (
    "| series | quarter-hours | MAE of the median, % better | MAE of the mean, % better | pinball, % better "
    "| inside P10–P90, % | mean too high by, % |\n|---|---|---|---|---|---|---|"
)
SESSIONS_HEAD = (
    "| site | sessions | stay: pinball, % better | energy: pinball, % better | left before P10, % "
    "| energy inside P10–P90, % |\n|---|---|---|---|---|---|"
)


def series_table(
    found: Iterable[StudySeries], forecaster: Forecaster, period_days: int, stride: int
) -> Iterator[str]:
    """A line per series, then the means of the groups."""
    groups = defaultdict[str, list[Errors]](list)
    for series in found:
        errors = walk(series, forecaster, SeasonalNaive(series, period_days), stride)
        if errors.quarters_count:
            groups[series.group].append(errors)
            yield f"| {series.name} | {errors.quarters_count:,} | " + _cells([errors])
    for group, many in groups.items():
        yield f"| **{group}**, mean of {len(many)} | | " + _cells(many)


def _cells(many: list[Errors]) -> str:
    figures = [
        fmean(one.median_skill_percent for one in many),
        fmean(one.mean_skill_percent for one in many),
        fmean(one.pinball_skill_percent for one in many),
        fmean(one.inside_percent for one in many),
        fmean(one.bias_percent for one in many),
    ]
    return " | ".join(f"{figure:.1f}" for figure in figures) + " |"


def sessions_table(folder: Path, stride: int) -> Iterator[str]:
    """A line per site, then the means of the groups."""
    groups = defaultdict[str, list[SessionSkill]](list)
    for site in load_sites(folder):
        # A small site is looked at whole.
        found = skill(site, stride if len(site.sessions) > 1_000 else 1)
        if found is not None:
            groups[site.group].append(found)
            yield f"| {site.group} {site.name} | {found.sessions_count} | " + _session_cells([found])
    for group, many in groups.items():
        yield f"| **{group}**, mean of {len(many)} | | " + _session_cells(many)


def _session_cells(many: list[SessionSkill]) -> str:
    figures = [
        fmean(one.stay_percent for one in many),
        fmean(one.energy_percent for one in many),
        fmean(one.left_before_p10_percent for one in many),
        fmean(one.energy_inside_percent for one in many),
    ]
    return " | ".join(f"{figure:.1f}" for figure in figures) + " |"


def lines(folder: Path, stride: int) -> Iterator[str]:
    """All tables, and what they cost."""
    before_s = time.process_time()
    yield f"Loads, against the same local time a week before (every {stride * 6} h an issue, 36 h ahead):\n"
    yield SERIES_HEAD
    yield from series_table(load_series(folder), forecast_load, 7, stride)
    yield "\nSolar power, against the same time of the day before:\n"
    yield SERIES_HEAD
    yield from series_table(solar_series(folder), forecast_pv, 1, stride)
    yield "\nCars at the moment they come, against the quantiles of all the site's sessions before:\n"
    yield SESSIONS_HEAD
    yield from sessions_table(folder, 17)
    print(f"{time.process_time() - before_s:.0f} s of processor time", file=sys.stderr)


def main() -> None:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the data sets, in folders load, pv and sessions")
    parser.add_argument("--stride", type=int, default=5, help="every how many issues of 6 h (1: all of them)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/forecasting.md")
    options = parser.parse_args()
    told = []
    for line in lines(options.folder, options.stride):
        print(line, flush=True)
        told.append(line)
    if options.write:
        write_measured(PAGE, "\n".join(told))


if __name__ == "__main__":
    main()
