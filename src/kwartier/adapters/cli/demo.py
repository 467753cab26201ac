"""`kwartier demo`: the whole way on the demo site of the package, from a request to a checked plan and its page."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from kwartier.adapters.cli.faults import ExitCode, UnwritableFile
from kwartier.adapters.cli.json_files import write_text
from kwartier.adapters.cli.plan import write_page
from kwartier.adapters.cli.tables import counted, euro, kilo, more_than_shown, number_table, violation_list
from kwartier.adapters.cli.terminal import note, progress, show, show_json, show_line, visible

if TYPE_CHECKING:
    from kwartier.planning.check import CheckResult
    from kwartier.planning.plan import Plan
    from kwartier.planning.request import PlanRequest

EXAMPLE = """\b
Example:
  kwartier demo
  kwartier demo --folder my-demo

\b
Exit code: 0, or 1 where the check finds a violation."""


@dataclass(frozen=True)
class Demonstration:
    """The demo's documents, and what the command says about them; the peaks are W averaged over a step."""

    request: "PlanRequest"
    plan: "Plan"
    result: "CheckResult"
    planned_peak_w: float
    arrival_peak_w: float
    plan_s: float
    check_s: float

    @property
    def saved_eur(self) -> float:
        """What the plan saves against charging on arrival."""
        return self.plan.uncontrolled_money.total - self.plan.money.total


def demo(
    folder: Annotated[
        Path,
        typer.Option(
            "--folder", readable=False, metavar="DIR", help="Where to write the demo's three files."
        ),
    ] = Path("kwartier-demo"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Plan the demo site, check the plan, and draw it as a page.

    The site is a charging hub below an apartment block with a battery and a roof of solar panels; prices, sun
    and charging sessions are real. Writes request.json, plan.json and plan.html, and replaces them the next time.
    """
    _make_folder(folder)
    with progress("Planning the demo site"):
        shown = demonstrate()
    with progress("Drawing"):
        files = _write_files(folder, shown)
    if as_json:
        show_json(_facts(shown, files))
    else:
        _show(shown, files)
    if not shown.result.ok:
        raise typer.Exit(ExitCode.FINDINGS)


def demonstrate() -> Demonstration:
    """Plan the demo site, check the plan, and see what the same cars draw when they charge on arrival."""
    from kwartier.demo import demo_request_json
    from kwartier.planning.check import check_plan
    from kwartier.planning.planner import plan
    from kwartier.planning.request import PlanRequest

    request = PlanRequest.model_validate_json(demo_request_json())
    started = perf_counter()
    made = plan(request)
    planned = perf_counter()
    result = check_plan(request, made)
    checked = perf_counter()
    return Demonstration(
        request=request,
        plan=made,
        result=result,
        planned_peak_w=max(made.offtake_w),
        arrival_peak_w=arrival_peak_w(request),
        plan_s=planned - started,
        check_s=checked - planned,
    )


def arrival_peak_w(request: "PlanRequest") -> float:
    """The largest offtake of the site in a step, W, when every car charges at full power on arrival."""
    from kwartier.planning.costing import root_power_w
    from kwartier.planning.problem import build_problem
    from kwartier.planning.uncontrolled import uncontrolled

    problem = build_problem(request)
    root_w = root_power_w(problem, uncontrolled(problem))
    return float(root_w.clip(min=0.0).sum(axis=0).max())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UnwritableFile(f"{folder}: is a file; name a folder") from None
    except (OSError, ValueError) as error:
        raise UnwritableFile(f"{folder}: cannot be made: {error}; name another folder") from None


def _write_files(folder: Path, shown: Demonstration) -> dict[str, Path]:
    from kwartier.demo import demo_request_json

    files = {name: (folder / name).absolute() for name in ("request.json", "plan.json", "plan.html")}
    write_text(files["request.json"], demo_request_json())
    write_text(files["plan.json"], shown.plan.model_dump_json() + "\n")
    write_page(files["plan.html"], shown.request, shown.plan)
    return files


def _facts(shown: Demonstration, files: dict[str, Path]) -> dict[str, Any]:
    return {
        "site_id": shown.plan.site_id,
        "status": shown.plan.status,
        "planned_eur": shown.plan.money.total,
        "on_arrival_eur": shown.plan.uncontrolled_money.total,
        "saved_eur": shown.saved_eur,
        "planned_peak_w": shown.planned_peak_w,
        "on_arrival_peak_w": shown.arrival_peak_w,
        "plan_s": shown.plan_s,
        "check_s": shown.check_s,
        "violations": shown.result.to_json()["violations"],
        "warnings": shown.plan.warnings,
        "files": {name: str(path) for name, path in files.items()},
    }


def _show(shown: Demonstration, files: dict[str, Path]) -> None:
    show(_sentence(shown), "", _savings(shown), "")
    _show_check(shown)
    show(f"Planned in {shown.plan_s:.2f} s, checked in {shown.check_s:.2f} s.", "")
    show_line(f"Page:     {files['plan.html'].as_uri()}")
    show_line(f"Plan:     {visible(str(files['plan.json']))}")
    show_line(f"Request:  {visible(str(files['request.json']))}")


def _savings(shown: Demonstration) -> Table:
    """What charging on arrival costs and draws, and what the plan does; income makes a cost negative."""
    arrival, planned = shown.plan.uncontrolled_money, shown.plan.money
    saved_w = shown.arrival_peak_w - shown.planned_peak_w
    table = number_table("", "on arrival", "planned", "saved")
    for label, arrival_eur, planned_eur in (
        ("Energy, EUR", arrival.energy, planned.energy),
        ("Grid fees and levies, EUR", arrival.grid + arrival.levies, planned.grid + planned.levies),
        ("The month's peak, EUR", arrival.peaks, planned.peaks),
        ("All costs and income, EUR", arrival.total, planned.total),
    ):
        table.add_row(label, euro(arrival_eur), euro(planned_eur), euro(arrival_eur - planned_eur))
    table.add_row(
        "Highest quarter-hour, kW", kilo(shown.arrival_peak_w), kilo(shown.planned_peak_w), kilo(saved_w)
    )
    return table


def _sentence(shown: Demonstration) -> str:
    from kwartier.adapters.cli.plan_summary import local_time
    from kwartier.site.timezone import site_timezone

    site = shown.request.site
    zone = site_timezone(site, shown.request.timezone)
    poles = sum(device.transaction_id is not None for device in shown.plan.devices.values())
    sessions = counted(len(shown.plan.unserved_wh), "charging session")
    start = local_time(shown.plan.created_at, zone)
    return f"{site.name}: two days from {start}, {counted(poles, 'pole')}, {sessions}, a battery and solar panels"


def _show_check(shown: Demonstration) -> None:
    violations = shown.result.violations
    if not violations:
        show("The check, which shares no code with the planner, finds no violation.")
        return
    show_line(f"The check finds {counted(len(violations), 'violation')}:")
    show("", violation_list(violations))
    if more := more_than_shown(len(violations)):
        note(more)
