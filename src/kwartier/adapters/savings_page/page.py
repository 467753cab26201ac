"""Puts the report's page together: tiles, tables and charts, with plotly.js and all data inside the one file."""

import json
from importlib import resources
from string import Template
from zoneinfo import ZoneInfo

from kwartier.adapters.savings_page.charts import (
    Figure,
    day_chart,
    duration_chart,
    heat_chart,
    money_chart,
    worst_day,
)
from kwartier.adapters.savings_page.tables import (
    bill_table,
    breach_list,
    policy_table,
    regret_table,
    tiles,
    warning_list,
)
from kwartier.adapters.savings_page.words import DAYS, MONTHS, moment, policy_name, text
from kwartier.simulation.savings import SavingsReport
from kwartier.simulation.savings.policy_summary import PolicySummary


def render_savings_page(report: SavingsReport) -> str:
    """The report as one interactive HTML page that loads nothing from anywhere.

    The page's text has about 5 MB: plotly.js is inside. Raises ZoneInfoNotFoundError for a time zone that is none.
    """
    mapped = _heat_mapped(report)
    scale_kw = max(1.0, max(max(map(abs, one.net_power_w)) for one in mapped) / 1000.0)
    day = worst_day(report)
    charts: dict[str, Figure] = {
        "money": money_chart(report),
        "duration": duration_chart(report),
        "day": day_chart(report, day),
        **{f"heat-{number}": heat_chart(report, one, scale_kw) for number, one in enumerate(mapped)},
    }
    return Template(_resource("page.html")).substitute(
        title=text(report.site_name),
        style=_resource("page.css"),
        period=_period(report),
        tiles=tiles(report),
        policies=policy_table(report),
        money=_plot("money", charts),
        regret=regret_table(report),
        bill=bill_table(report),
        provisional=_provisional(report),
        duration=_plot("duration", charts),
        heats="".join(
            f'<div class="card"><h2>{text(policy_name(one.policy))}: power by day and hour</h2>'
            f"{_plot(f'heat-{number}', charts)}</div>"
            for number, one in enumerate(mapped)
        ),
        worst=f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}",
        day=_plot("day", charts),
        breaches=breach_list(report),
        warnings=warning_list(report),
        plotly=_plotly_script(),
        data=_script_safe_json({"charts": charts}),
        script=_resource("page.js"),
    )


def _heat_mapped(report: SavingsReport) -> list[PolicySummary]:
    """The subject, and what it is compared with first: charging on arrival, else the first policy."""
    by_name = {one.policy: one for one in report.policies}
    other = by_name.get("uncontrolled", report.policies[0])
    subject = by_name[report.subject]
    return [subject] if other is subject else [other, subject]


def _period(report: SavingsReport) -> str:
    zone = ZoneInfo(report.timezone)
    year = report.end.astimezone(zone).year
    return text(
        f"{moment(report.start, zone)} – {moment(report.end, zone)} {year} ({zone.key}), arrivals of seed {report.seed}"
    )


def _provisional(report: SavingsReport) -> str:
    months = report.bill.provisional_months
    return text(f"Of {', '.join(months)} the period holds a part only. ") if months else ""


def _plot(name: str, charts: dict[str, Figure]) -> str:
    height_px = charts[name]["layout"]["height"]
    return (
        f'<div class="legend" data-legend="{name}"></div>'
        f'<div class="plot" data-chart="{name}" style="min-height:{height_px}px"></div>'
    )


def _resource(name: str) -> str:
    return resources.files("kwartier.adapters.savings_page").joinpath(name).read_text(encoding="utf-8")


def _plotly_script() -> str:
    # Imported here: it takes a while, and only this page needs it.
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script.replace("</script", "<\\/script")


def _script_safe_json(data: dict[str, dict[str, Figure]]) -> str:
    """JSON that can stand inside a script element: no name in it can end the element or open a comment."""
    written = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
