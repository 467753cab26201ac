"""`kwartier calibrate`: what plan and reality suggest about a site document; nothing is changed."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode
from kwartier.adapters.cli.json_files import read_document
from kwartier.adapters.cli.terminal import show, show_json
from kwartier.adapters.cli.validate import report_findings

if TYPE_CHECKING:
    from kwartier.simulation.calibration import (
        BatteryEfficiency,
        CarResponse,
        ForecastBias,
        SiteCalibration,
    )
    from kwartier.site.document import SiteConfiguration

EXAMPLE = """\b
Example:
  kwartier calibrate site.json intervals.csv
  kwartier calibrate site.json intervals.csv --json

\b
Exit code: 0 also when something is suggested; 1 with findings about the site;
2 for a file that cannot be read."""
TOO_LITTLE = "too little to go by"
PLUS_MINUS = "+/-"


def calibrate(
    site: Annotated[Path, typer.Argument(readable=False, metavar="SITE.json", help="The site document.")],
    intervals: Annotated[
        Path,
        typer.Argument(
            readable=False, metavar="INTERVALS.csv", help="Plan and reality per quarter-hour and asset."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the suggestions as JSON.")] = False,
) -> None:
    """Suggest battery efficiencies, cars' least current and step, and forecast bias, and say how sure they are."""
    from kwartier.adapters.cli.calibrate_file import read_intervals
    from kwartier.simulation.calibration import calibrate as calibrated
    from kwartier.site.document import Site, SiteConfiguration

    document, findings = read_document(Site, site)
    if document is None:
        report_findings(site, findings, as_json=as_json)
        raise typer.Exit(ExitCode.FINDINGS)
    empty = SiteConfiguration(device_list=[], collector_list=[])
    configuration = document.configurations.site_configuration or empty
    found = calibrated(configuration, read_intervals(intervals))
    if as_json:
        show_json(asdict(found))
    else:
        show(*_lines(configuration, found))


def _lines(configuration: "SiteConfiguration", found: "SiteCalibration") -> Iterator[str]:
    """A line for each battery, series and car."""
    from kwartier.site.devices import BatteryEnergyStorageSystem

    batteries = {
        one.name: one for one in configuration.device_list if isinstance(one, BatteryEnergyStorageSystem)
    }
    for name, efficiency in found.efficiency_by_battery.items():
        now = batteries[name]
        yield _battery_line(name, efficiency, (now.charging_efficiency, now.discharging_efficiency))
    for name, bias in found.bias_by_series.items():
        yield _series_line(name, bias)
    for name, response in found.response_by_car.items():
        yield _car_line(name, response)


def _battery_line(name: str, found: "BatteryEfficiency | None", now: tuple[float, float]) -> str:
    if found is None:
        return f"Battery {name}: {TOO_LITTLE}"
    verdict = f"the document says {now[0]:g} and {now[1]:g}"
    verdict += ": consider changing it" if found.contradicts(*now) else ", which fits"
    return (
        f"Battery {name}: charging efficiency {found.charging_efficiency:.3f} {PLUS_MINUS} "
        f"{2 * found.charging_error_share:.3f}, discharging {found.discharging_efficiency:.3f} {PLUS_MINUS} "
        f"{2 * found.discharging_error_share:.3f} ({found.day_count} days); {verdict}"
    )


def _series_line(name: str, found: "ForecastBias | None") -> str:
    if found is None:
        return f"Forecast of {name}: {TOO_LITTLE}"
    verdict = (
        f"multiplying it by {found.suggested_factor:.3f} would put it right"
        if found.is_telling
        else "no bias"
    )
    return (
        f"Forecast of {name}: {100 * found.bias_share:+.1f} % {PLUS_MINUS} {200 * found.error_share:.1f} % "
        f"({found.day_count} days); {verdict}"
    )


def _car_line(name: str, found: "CarResponse") -> str:
    least = "no least current seen"
    if found.least_current_a is not None:
        least = f"least current {found.least_current_a:.1f} A (refused {found.refused_a:.1f} A)"
    step = "step unknown"
    if found.step_a is not None:
        step = f"steps of {found.step_a:g} A" if found.step_a else "follows any current"
    return f"Car {name}: {least}, {step} ({found.observation_count} observations)"
