"""A plan in one screen: what it costs, what it draws, what it cannot keep, and what the devices do first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from kwartier.adapters.cli.tables import MOST_SHOWN, counted, euro, kilo, money_table, number_table
from kwartier.adapters.cli.terminal import show, visible
from kwartier.planning.plan import DevicePlan, LimitViolation, Plan
from kwartier.planning.request import PlanRequest
from kwartier.site.timezone import site_timezone

# The steps whose setpoints are sent before the next plan is made (docs/decisions/0003).
FIRST_STEPS = 2
NOTEWORTHY_WH = 1.0
QUARTER_H = 0.25


def show_plan(request: PlanRequest, plan: Plan) -> None:
    """Print the summary of a plan to standard output, in the site's local time."""
    zone = site_timezone(request.site, request.timezone)
    show(_title(request, plan, zone), "", money_table(plan.money, plan.uncontrolled_money), "")
    show(_facts(plan, zone), "", *_warnings(plan), *_first_steps(plan, zone))


def one_line(plan: Plan) -> str:
    """The result in one line, for when the plan itself goes to a file."""
    saved_eur = plan.uncontrolled_money.total - plan.money.total
    saving = f"{euro(abs(saved_eur))} EUR {'more' if saved_eur < 0 else 'less'} than charging on arrival"
    return f"{plan.status}, {euro(plan.money.total)} EUR, {saving}; {counted(len(plan.warnings), 'warning')}"


def highest_offtake(plan: Plan) -> str:
    """What the largest entry of `offtake_w` is called: a quarter-hour, unless the plan has longer steps."""
    return "Highest quarter-hour" if all(step.hours <= QUARTER_H for step in plan.steps) else "Highest step"


def charged_wh(plan: Plan) -> float:
    """The energy that real cars get in the plan, Wh."""
    return sum(
        power_w * step.hours
        for device in plan.devices.values()
        for power_w, owner, step in zip(device.power_w, device.transaction_id or (), plan.steps, strict=False)
        if owner is not None
    )


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """«Fri 3 Oct 06:52»."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _title(request: PlanRequest, plan: Plan, zone: ZoneInfo) -> Text:
    start = plan.steps[0].start
    end = plan.steps[-1].start + timedelta(hours=plan.steps[-1].hours)
    period = f"{local_time(start, zone)} to {local_time(end, zone)} ({zone.key})"
    name = visible(request.site.name or request.site.site_id)
    return Text(name, style="bold").append(f"\n{period}, {plan.status}", style="not bold")


def _facts(plan: Plan, zone: ZoneInfo) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value, remark in _fact_rows(plan, zone):
        table.add_row(label, value, Text(visible(remark)))
    return table


def _fact_rows(plan: Plan, zone: ZoneInfo) -> Iterator[tuple[str, str, str]]:
    if max(plan.offtake_w) > 0.0:
        step = plan.offtake_w.index(max(plan.offtake_w))
        yield (
            highest_offtake(plan),
            f"{kilo(plan.offtake_w[step])} kW",
            local_time(plan.steps[step].start, zone),
        )
    if max(plan.injection_w) > 0.0:
        step = plan.injection_w.index(max(plan.injection_w))
        yield (
            "Highest injection",
            f"{kilo(plan.injection_w[step])} kW",
            local_time(plan.steps[step].start, zone),
        )
    if plan.unserved_wh:
        yield "Charged", f"{kilo(charged_wh(plan))} kWh", f"in {counted(len(plan.unserved_wh), 'session')}"
        yield _shortage(plan)
    yield "Limits", "broken" if plan.limit_violations else "kept", _broken(plan, zone)


def _shortage(plan: Plan) -> tuple[str, str, str]:
    short = {name: short_wh for name, short_wh in plan.unserved_wh.items() if short_wh > NOTEWORTHY_WH}
    if not short:
        return "Not charged", "0.0 kWh", "every car gets what it asks for"
    largest = sorted(short, key=lambda name: -short[name])
    named = [f"{name} {kilo(short[name])}" for name in largest[:MOST_SHOWN]]
    more = f", and {len(short) - MOST_SHOWN} more" if len(short) > MOST_SHOWN else ""
    return "Not charged", f"{kilo(sum(short.values()))} kWh", ", ".join(named) + more


def _broken(plan: Plan, zone: ZoneInfo) -> str:
    """The limit that is broken most, relative to its height, of all steps."""
    if not plan.limit_violations:
        return ""
    worst = max(plan.limit_violations, key=_excess_ratio)
    seen, unit = (worst.current_a, "A") if worst.limit_a is not None else (worst.power_w, "W")
    limit = worst.limit_a if worst.limit_a is not None else worst.limit_w
    place = f"{worst.collector} {worst.phase}" if worst.phase else worst.collector
    steps = len({violation.step for violation in plan.limit_violations})
    when = local_time(plan.steps[worst.step].start, zone)
    return f"in {counted(steps, 'step')}; worst: {place} {seen or 0.0:,.1f} of {limit or 0.0:,.1f} {unit}, {when}"


def _excess_ratio(violation: LimitViolation) -> float:
    seen, limit = (
        violation.current_a or violation.power_w or 0.0,
        violation.limit_a or violation.limit_w or 0.0,
    )
    return (abs(seen) - abs(limit)) / max(abs(limit), 1.0)


def _warnings(plan: Plan) -> Iterator[RenderableType]:
    if not plan.warnings:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="yellow", no_wrap=True)
    table.add_column(overflow="fold")
    for warning in plan.warnings[:MOST_SHOWN]:
        table.add_row("Warning", Text(visible(warning)))
    yield table
    if len(plan.warnings) > MOST_SHOWN:
        yield Text(
            f"... and {len(plan.warnings) - MOST_SHOWN:,} more; --json or -o gives them all", style="dim"
        )
    yield ""


def _first_steps(plan: Plan, zone: ZoneInfo) -> Iterator[RenderableType]:
    """What the poles with a car and the batteries do in the first steps."""
    steps = range(min(FIRST_STEPS, len(plan.steps)))
    controlled = {name: device for name, device in plan.devices.items() if _is_controlled(device)}
    busy = {name: device for name, device in controlled.items() if _is_busy(device, steps)}
    table = number_table("Device", *(_step_head(plan, step, zone) for step in steps))
    table.add_column("Why, in the first", overflow="fold", style="dim")
    for name, device in islice(busy.items(), MOST_SHOWN):
        why = (plan.reasons.get(name) or [""])[0]
        table.add_row(Text(visible(name)), *(_setpoint(device, step) for step in steps), Text(visible(why)))
    if busy:
        yield table
    if len(busy) > MOST_SHOWN:
        yield Text(f"... and {len(busy) - MOST_SHOWN:,} more; --json or -o gives them all", style="dim")
    if len(busy) < len(controlled):
        yield Text(f"{counted(len(controlled) - len(busy), 'device')} without a car or at rest", style="dim")


def _is_controlled(device: DevicePlan) -> bool:
    return device.transaction_id is not None or device.state_of_charge is not None


def _is_busy(device: DevicePlan, steps: range) -> bool:
    owners = device.transaction_id
    return any(device.power_w[step] or (owners is not None and owners[step] is not None) for step in steps)


def _step_head(plan: Plan, step: int, zone: ZoneInfo) -> str:
    start = plan.steps[step].start
    end = start + timedelta(hours=plan.steps[step].hours)
    return f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M}"


def _setpoint(device: DevicePlan, step: int) -> str:
    """«16.0 A  11.0 kW» at a pole, «-40.0 kW  53 %» at a battery: its charge at the end of the step."""
    power = f"{kilo(device.power_w[step])} kW"
    if device.current_a:
        return f"{max(current_a[step] for current_a in device.current_a.values()):.1f} A {power:>9}"
    if device.state_of_charge is not None and device.state_of_charge[step] is not None:
        return f"{power}  {device.state_of_charge[step]:.0f} %"
    return power
