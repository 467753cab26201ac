"""The savings report of `kwartier simulate`: a page for a browser, or JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kwartier.adapters.cli.json_files import write_text

if TYPE_CHECKING:
    from kwartier.simulation.result import PolicyRun
    from kwartier.site.document import Site


def write_report(path: Path, site: "Site", runs: "Sequence[PolicyRun]") -> None:
    """Write the report of runs, months of each policy in order; JSON where the file's name ends in .json."""
    from kwartier.simulation.savings import savings_report
    from kwartier.simulation.savings.joined_run import joined_run
    from kwartier.site.timezone import site_timezone

    policies = dict.fromkeys(run.policy for run in runs)
    joined = [joined_run([run for run in runs if run.policy == policy]) for policy in policies]
    report = savings_report(joined, site_name=site.name, timezone=site_timezone(site).key)
    if path.suffix == ".json":
        write_text(path, report.model_dump_json() + "\n")
        return
    from kwartier.adapters.savings_page import render_savings_page

    write_text(path, render_savings_page(report))
