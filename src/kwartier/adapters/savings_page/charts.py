"""The charts of the report, as plain dicts in plotly's figure format; page.js draws them and looks up colours."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.adapters.savings_page.words import DAYS, colours, policy_name
from kwartier.simulation.savings import SavingsReport
from kwartier.simulation.savings.policy_summary import PolicySummary

Figure = dict[str, Any]
QUARTER = timedelta(minutes=15)
QUARTERS_PER_DAY = 96
# A line of so many points shows all that a screen can.
MOST_POINTS = 400
TERMS = {
    "energy_eur": ("Energy", "var(--blue)"),
    "grid_eur": ("Grid per kWh", "#cc79a7"),
    "levies_eur": ("Levies", "#e6b400"),
    "peaks_eur": ("Peaks", "var(--orange)"),
    "kept_eur": ("Batteries, end against start", "var(--grey)"),
}
# Delivered to the grid green, taken from it orange: the more, the further from the page's own tone.
POWER_SCALE = [[0, "var(--given)"], [0.5, "var(--none)"], [0.75, "var(--taken)"], [1, "var(--most)"]]


def money_chart(report: SavingsReport) -> Figure:
    """What each policy pays of what policies can change, by term."""
    shown = report.policies[::-1]
    names = [policy_name(one.policy) for one in shown]
    traces = []
    for field, (name, colour) in TERMS.items():
        amounts_eur = [round(getattr(one.money, field), 2) for one in shown]
        if any(amounts_eur):
            traces.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": name,
                    "y": names,
                    "x": amounts_eur,
                    "marker": {"color": colour},
                    "hovertemplate": "%{y}<br>" + name + ": %{x:,.2f} EUR<extra></extra>",
                }
            )
    layout = _layout(60 + 34 * len(shown), x="EUR, without VAT")
    layout |= {"barmode": "relative", "bargap": 0.35}
    layout["yaxis"] |= {"automargin": True, "showgrid": False}
    return {"data": traces, "layout": layout}


def duration_chart(report: SavingsReport) -> Figure:
    """The load duration curve of each policy: for how many hours the site took at least so much."""
    colour = colours([one.policy for one in report.policies], report.subject)
    traces = [
        _duration_line(one, colour[one.policy], is_subject=one.policy == report.subject)
        for one in report.policies
    ]
    layout = _layout(340, x="hours", y="kW")
    return {"data": traces, "layout": layout}


def _duration_line(summary: PolicySummary, colour: str, *, is_subject: bool) -> Figure:
    kw = np.sort(summary.net_power_w)[::-1] / 1000.0
    # The highest ones all: there the lines differ.
    kept = np.unique(np.r_[: min(60, len(kw)), np.linspace(0, len(kw) - 1, MOST_POINTS).astype(int)])
    name = policy_name(summary.policy)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": (kept / 4).tolist(),
        "y": kw[kept].round(2).tolist(),
        "line": {"color": colour, "width": 3 if is_subject else 1.6},
        "hovertemplate": "%{x:.2f} h at %{y:.1f} kW or more<extra>" + name + "</extra>",
    }


def heat_chart(report: SavingsReport, summary: PolicySummary, scale_kw: float) -> Figure:
    """Net power by local day and time of day; `scale_kw` is the end of the colours, the same for all heat maps."""
    rows: dict[str, list[float | None]] = {}
    for local, power_w in zip(_local_starts(report), summary.net_power_w, strict=True):
        row = rows.setdefault(f"{local:%Y-%m-%d}", [None] * QUARTERS_PER_DAY)
        # On the day that the clocks go back the second of two equal hours is shown.
        row[4 * local.hour + local.minute // 15] = round(power_w / 1000.0, 2)
    labels = [f"{DAYS[datetime.fromisoformat(day).weekday()]} {int(day[-2:])}" for day in rows]
    trace = {
        "type": "heatmap",
        "x": [f"{number // 4:02d}:{15 * (number % 4):02d}" for number in range(QUARTERS_PER_DAY)],
        "y": labels,
        "z": list(rows.values()),
        "colorscale": POWER_SCALE,
        "zmin": -scale_kw,
        "zmax": scale_kw,
        "hoverongaps": False,
        "hovertemplate": "%{y} %{x}: %{z:.1f} kW<extra></extra>",
        "colorbar": {"title": {"text": "kW"}, "thickness": 10, "outlinewidth": 0},
    }
    layout = _layout(90 + 13 * len(rows))
    layout["xaxis"] |= {"tickvals": ["00:00", "06:00", "12:00", "18:00"], "showgrid": False}
    layout["yaxis"] |= {"autorange": "reversed", "showgrid": False, "nticks": 16, "automargin": True}
    return {"data": [trace], "layout": layout}


def worst_day(report: SavingsReport) -> datetime:
    """Midnight of the local day on which the subject's net power was highest."""
    subject = next(one for one in report.policies if one.policy == report.subject)
    highest = int(np.argmax(subject.net_power_w))
    return _local_starts(report)[highest].replace(hour=0, minute=0)


def day_chart(report: SavingsReport, day: datetime) -> Figure:
    """Net power of every policy on a local day; what is neither the first, the subject nor the oracle begins hidden."""
    colour = colours([one.policy for one in report.policies], report.subject)
    starts = _local_starts(report)
    inside = [number for number, start in enumerate(starts) if start.date() == day.date()]
    # Plotly knows no zones: the axis shows the wall clock, an hour twice where the clocks go back.
    times = [f"{starts[number]:%Y-%m-%dT%H:%M}" for number in inside]
    shown = {report.policies[0].policy, report.subject, "oracle"}
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": policy_name(one.policy),
            "meta": {"hidden": one.policy not in shown},
            "x": times,
            "y": [round(one.net_power_w[number] / 1000.0, 2) for number in inside],
            "line": {
                "color": colour[one.policy],
                "shape": "hv",
                "width": 3 if one.policy == report.subject else 1.6,
            },
            "hovertemplate": "%{x|%H:%M} %{y:.1f} kW<extra>" + policy_name(one.policy) + "</extra>",
        }
        for one in report.policies
    ]
    layout = _layout(340, y="kW")
    layout["xaxis"] |= {"type": "date", "tickformat": "%H:%M", "nticks": 7}
    return {"data": traces, "layout": layout}


def _local_starts(report: SavingsReport) -> list[datetime]:
    """The start of each quarter-hour by the site's clocks."""
    zone, count = ZoneInfo(report.timezone), len(report.policies[0].net_power_w)
    return [(report.start + number * QUARTER).astimezone(zone) for number in range(count)]


def _layout(height_px: int, *, x: str = "", y: str = "") -> Figure:
    axis = {"gridcolor": "var(--grid)", "zerolinecolor": "var(--line)", "fixedrange": True}
    return {
        "height": height_px,
        "margin": {"l": 48, "r": 10, "t": 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "color": "var(--muted)"},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"namelength": -1, "bgcolor": "var(--card)", "font": {"color": "var(--ink)"}},
        "xaxis": {**axis, "title": {"text": x}},
        "yaxis": {**axis, "title": {"text": y}},
    }
