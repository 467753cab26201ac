"""Puts the page together: header, tiles, charts and tables, with plotly.js and all data inside the one file."""

import html
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from kwartier.adapters.plan_page.charge_chart import charge_chart
from kwartier.adapters.plan_page.collector_chart import collector_chart
from kwartier.adapters.plan_page.figure import Figure
from kwartier.adapters.plan_page.local_clock import LocalClock, axis_time
from kwartier.adapters.plan_page.power_chart import power_chart
from kwartier.adapters.plan_page.price_chart import negative_steps, price_chart
from kwartier.adapters.plan_page.reading import read_plan
from kwartier.adapters.plan_page.session_chart import session_chart
from kwartier.adapters.plan_page.tables import money_table, session_table, violation_list, warning_list
from kwartier.adapters.plan_page.tiles import tiles
from kwartier.adapters.plan_page.view import Collector, PlanView, Violation

_OPEN_BOARDS = 4
_FULL = 0.9
_STATUS_WORDS = {
    "feasible": "feasible: perhaps not the best",
    "fallback": "fallback: the planner found no plan",
}


def render_plan_page(request: Mapping[str, Any], plan: Mapping[str, Any], *, timezone: str = "UTC") -> str:
    """A plan as one interactive HTML page that loads nothing from anywhere.

    Args:
        request: the plan request, as `json.loads` gives it.
        plan: the plan document that answers it.
        timezone: IANA name of the site's zone, for when the request does not name one.

    Returns:
        The page's text, about 5 MB: plotly.js is inside.

    Raises:
        ValueError: a time stamp or a time zone's name can't be read.
        zoneinfo.ZoneInfoNotFoundError: there is no such time zone.
        KeyError: a named thing (a device, a step) lacks its name or start.

    Example:
        >>> page = render_plan_page({"site": {"name": "Depot"}}, {"steps": []}, timezone="Europe/Brussels")
        >>> "<title>Depot" in page
        True
    """
    view = read_plan(request, plan)
    zone = ZoneInfo(str(request.get("timezone") or timezone))
    charts: dict[str, Figure] = {}
    sections = {
        "header": _header(view, plan, zone),
        "tiles": "",
        "boards": "",
        "sessions": "",
        "violations": "",
    }
    data: dict[str, Any] = {"charts": charts}
    if len(view.steps):
        clock = LocalClock(zone, view.steps.starts[0], view.steps.ends[-1])
        data |= _time_axis(clock)
        charts |= _site_charts(view, clock)
        sections |= {
            "tiles": tiles(view, plan, clock),
            "boards": "".join(_boards(view, clock, charts))
            or '<p class="none">The site has no collectors.</p>',
            "sessions": session_table(view, clock),
            "violations": violation_list(view, clock, known=plan.get("limit_violations") is not None),
        }
    return _fill(view, plan, sections, data)


def _fill(view: PlanView, plan: Mapping[str, Any], sections: Mapping[str, str], data: dict[str, Any]) -> str:
    charts = data["charts"]
    return Template(_resource("page.html")).substitute(
        sections,
        title=html.escape(view.site_name),
        style=_resource("page.css"),
        prices=_plot("prices", charts, "The plan has no prices."),
        price_note=_price_note(view),
        power=_plot("power", charts, "The plan has no power."),
        arrangement="board" if len(view.of_kind("pole")) > 12 else "device",
        charge=_plot("charge", charts, "No battery whose state of charge is known."),
        poles=_plot("poles", charts, "No pole has a session in this plan."),
        money=money_table(plan.get("money") or {}, plan.get("uncontrolled_money") or {}),
        warnings=warning_list(plan.get("warnings") or []),
        footer=_footer(plan),
        plotly=_plotly_script(),
        data=_script_safe_json(data),
        script=_resource("page.js"),
    )


def _resource(name: str) -> str:
    return resources.files("kwartier.adapters.plan_page").joinpath(name).read_text(encoding="utf-8")


def _plotly_script() -> str:
    # Imported here: it takes a while, and only this page needs it.
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script.replace("</script", "<\\/script")


def _script_safe_json(data: Mapping[str, Any]) -> str:
    """JSON that can stand inside a script element: no name in it can end the element or open a comment."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _time_axis(clock: LocalClock) -> dict[str, Any]:
    """The range of the time axis and its possible labels: [UTC time, local minute of the day, label]."""
    return {
        "range": [axis_time(clock.start), axis_time(clock.end)],
        "ticks": [[axis_time(tick.moment), tick.minute_of_day, tick.label] for tick in clock.ticks()],
        "axisTitle": f"local time, {clock.zone.key}",
    }


def _site_charts(view: PlanView, clock: LocalClock) -> dict[str, Figure]:
    found = {
        "prices": price_chart(view, clock),
        "power": power_chart(view, clock),
        "charge": charge_chart(view, clock),
        "poles": session_chart(view, clock),
    }
    return {name: chart for name, chart in found.items() if chart is not None}


def _boards(view: PlanView, clock: LocalClock, charts: dict[str, Figure]) -> Iterator[str]:
    """One fold per collector, in tree order; roots, broken and the fullest ones stand open. Adds their charts."""
    fullness = {collector.name: (collector.worst() or (0.0,))[0] for collector in view.collectors}
    fullest = sorted(fullness, key=lambda name: -fullness[name])[:_OPEN_BOARDS]
    for index, collector in enumerate(view.collectors):
        broken = [violation for violation in view.violations if violation.collector == collector.name]
        chart = collector_chart(view, clock, collector, broken)
        name = f"board-{index}"
        if chart is not None:
            charts[name] = chart
        is_open = " open" if broken or collector.depth == 0 or collector.name in fullest else ""
        plot = _plot(name, charts, "The plan has no currents for this board.")
        yield f"<details{is_open}><summary>{_board_summary(view, clock, collector, broken)}</summary>{plot}</details>"


def _board_summary(view: PlanView, clock: LocalClock, collector: Collector, broken: list[Violation]) -> str:
    """Name, limit, and the fullest moment as a bar and in words."""
    limits = [limit_a for limit_a in collector.limit_a if limit_a is not None]
    limit = f"limit {max(limits):g} A" if limits else "limit unknown"
    if limits and min(limits) < max(limits):
        limit += f", at times {min(limits):g} A"
    indent = f' style="padding-left:{1.2 * collector.depth:.1f}em"'
    name = (
        f'<span class="board"{indent}>{html.escape(collector.name)}</span><span class="limit">{limit}</span>'
    )
    worst = collector.worst()
    if worst is None:
        return name
    share, current_a, phase, step = worst
    tone = "bad" if broken else "full" if share > _FULL else ""
    when = clock.moment(view.steps.starts[step])
    return (
        f'{name}<span class="meter {tone}"><i style="width:{min(share, 1.0):.1%}"></i></span>'
        f'<span class="worst {tone}">{100 * share:.0f} % on {html.escape(phase)} ({current_a:.0f} A), {when}</span>'
    )


def _plot(name: str, charts: Mapping[str, Figure], missing: str) -> str:
    """The place of a chart with its legend, or why there is none."""
    if name not in charts:
        return f'<p class="none">{missing}</p>'
    height_px = charts[name]["layout"]["height"]
    return (
        f'<div class="legend" data-legend="{name}"></div>'
        f'<div class="plot" data-chart="{name}" style="min-height:{height_px}px"></div>'
    )


def _price_note(view: PlanView) -> str:
    notes = []
    if any(negative_steps(view.offtake_eur_per_mwh)):
        notes.append('<span class="key strong"></span> the site is paid to use energy')
    if any(negative_steps(view.injection_eur_per_mwh)):
        notes.append('<span class="key soft"></span> injecting costs money')
    return " ".join(notes)


def _header(view: PlanView, plan: Mapping[str, Any], zone: ZoneInfo) -> str:
    status = str(plan.get("status") or "unknown")
    words = _STATUS_WORDS.get(status, status)
    badge = f'<span class="badge {html.escape(status)}">{html.escape(words)}</span>'
    if not len(view.steps):
        return f'<h1>{html.escape(view.site_name)} {badge}</h1><p class="none">The plan has no steps.</p>'
    clock = LocalClock(zone, view.steps.starts[0], view.steps.ends[-1])
    change = clock.change_sentence()
    year = clock.start.astimezone(zone).year
    period = f"{clock.date(clock.start)} {year}, {clock.time(clock.start)} – {clock.moment(clock.end)}"
    abbreviation = clock.abbreviation(clock.start)
    zone_words = zone.key if abbreviation == zone.key else f"{zone.key}, {abbreviation}"
    return (
        f"<h1>{html.escape(view.site_name)} {badge}</h1>"
        f'<p class="period">{period} <span>local time ({html.escape(zone_words)})</span></p>'
        + (f'<p class="change">{html.escape(change)}</p>' if change else "")
    )


def _footer(plan: Mapping[str, Any]) -> str:
    solve = plan.get("solve") or {}
    parts = [f"Plan {plan.get('plan_id', '–')}", f"made {plan.get('created_at', '–')}"]
    if solve.get("solve_ms") is not None:
        parts.append(f"solved in {float(solve['solve_ms']):,.0f} ms")
    return html.escape(" · ".join(parts))
