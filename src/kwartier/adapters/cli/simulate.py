"""`kwartier simulate`: what a site would have cost in a period, under one policy or all of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kwartier.adapters.cli.faults import ExitCode
from kwartier.adapters.cli.json_files import distinct, read_document
from kwartier.adapters.cli.simulate_jobs import Job, JobSource, jobs_of, period_of, run_job
from kwartier.adapters.cli.simulate_report import write_report
from kwartier.adapters.cli.simulate_table import run_table
from kwartier.adapters.cli.terminal import counting, note, show, show_json
from kwartier.adapters.cli.validate import report_findings

if TYPE_CHECKING:
    from kwartier.simulation.result import PolicyRun

EXAMPLE = """\b
Example:
  kwartier simulate site.json --from 2026-03-01 --to 2026-06-01 --data data
  kwartier simulate site.json --from 2026-03-01 --to 2026-04-01 --data data --policy receding_horizon --json
  kwartier simulate site.json --from 2026-03-01 --to 2026-04-01 --data data --out runs
  kwartier simulate site.json --from 2026-03-01 --to 2026-04-01 --data data --report savings.html
  kwartier simulate site.json --from 2026-03-01 --to 2026-04-01 --data data --meter-noise 0.03 --lost-orders 0.05

\b
Exit code: 0 when everything ran; 1 with findings about the site; 2 for a
wrong file, date, policy or option, and for data that do not cover the period."""


def simulate(  # noqa: PLR0917  # typer: each option is a parameter
    site: Annotated[Path, typer.Argument(readable=False, metavar="SITE.json", help="The site document.")],
    begin: Annotated[str, typer.Option("--from", metavar="DATE", help="The first local day, as 2026-03-01.")],
    end: Annotated[str, typer.Option("--to", metavar="DATE", help="The local day after the last one.")],
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="A policy; may be repeated. Without it: all of them.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="Prices, series and sessions.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="Draws cars where the data hold none, and what is disturbed.")
    ] = 1,
    meter_noise_ratio: Annotated[
        float,
        typer.Option(
            "--meter-noise", min=0, max=1, help="How far meters of loads and roofs err: 0.03 is 3 %."
        ),
    ] = 0.0,
    meter_gap_ratio: Annotated[
        float,
        typer.Option("--meter-gaps", min=0, max=1, help="How often they say nothing, of quarter-hours."),
    ] = 0.0,
    lost_order_ratio: Annotated[
        float,
        typer.Option(
            "--lost-orders", min=0, max=1, help="How often a device hears nothing for five minutes."
        ),
    ] = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", help="Keep each month's result here; what is there is not run again."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE.html",
            help="Write the savings report; as JSON where it ends in .json.",
        ),
    ] = None,
    process_count: Annotated[
        int | None, typer.Option("--processes", min=1, help="How many at once; without it one per processor.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print money and figures as JSON.")] = False,
) -> None:
    """Simulate a site month by month under policies, and say what each of them costs."""
    from kwartier.simulation.disturbance import Disturbance
    from kwartier.site.document import Site

    distinct(site, report)
    document, findings = read_document(Site, site)
    if document is None:
        report_findings(site, findings, as_json=as_json)
        raise typer.Exit(ExitCode.FINDINGS)
    disturbance = Disturbance(meter_noise_ratio, meter_gap_ratio, lost_order_ratio, seed)
    source = JobSource(data, seed, disturbance)
    jobs = jobs_of(document, period_of(document, begin, end), policy or [], source, out)
    done = _run(jobs, process_count)
    if report is not None:
        write_report(report, document, done)
        note(f"{report}: {'the report as JSON' if report.suffix == '.json' else 'open it in a browser'}")
    if as_json:
        show_json({"runs": [_figures(run) for run in done]})
    else:
        show(run_table(done))


def _run(jobs: "list[Job]", process_count: int | None) -> "list[PolicyRun]":
    """All jobs, with a bar on the terminal; results in the order of the jobs."""
    import os

    from kwartier.adapters.processes import Processes

    count = min(len(jobs), process_count or os.cpu_count() or 1)
    found = {}
    with counting("Simulating", len(jobs)) as counted:
        for job, run in Processes(count).run(run_job, jobs):
            found[job.key] = run
            counted()
    return [found[job.key] for job in jobs]


def _figures(run: "PolicyRun") -> dict[str, object]:
    return {
        "site_id": run.site_id,
        "policy": run.policy,
        "seed": run.seed,
        "start": run.start.isoformat(),
        "end": run.end.isoformat(),
        "total_eur": round(run.money.total_eur, 2),
        "bound_eur": None if run.bound_eur is None else round(run.bound_eur, 2),
        "bill_eur": float(run.bill_eur),
        "money": run.money.model_dump(mode="json"),
        "highest_w": {root: round(run.peak_w(root), 1) for root in run.connections},
        "charged_wh": round(run.charged_wh, 1),
        "unserved_wh": round(run.unserved_wh, 1),
        "breach_count": len(run.breaches),
        "warnings": run.warnings,
    }
