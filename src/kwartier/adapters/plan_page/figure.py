"""What all charts share: the time axis, step lines with an end point, and the text under the pointer.

Charts are plain dicts in plotly's figure format. Drawing, zooming together and legends are in page.js.
"""

import html
from collections.abc import Sequence
from typing import Any

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.local_clock import LocalClock, axis_time
from kwartier.adapters.plan_page.view import Column, Steps

Figure = dict[str, Any]
Trace = dict[str, Any]


def figure(traces: Sequence[Trace], *, height_px: int, y_axis: dict[str, Any], **layout: Any) -> Figure:
    """A chart on the shared time axis. The side margins are fixed, so that all charts line up."""
    font = {"family": "system-ui, -apple-system, 'Segoe UI', sans-serif", "color": colours.MUTED}
    return {
        "data": list(traces),
        "layout": {
            "height": height_px,
            "margin": {"l": 56, "r": 12, "t": 12, "b": 42, "autoexpand": False},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": font,
            "showlegend": False,
            "hovermode": "x",
            "hoverdistance": -1,
            "hoverlabel": {
                "align": "left",
                "namelength": -1,
                "bgcolor": "var(--card)",
                "bordercolor": "var(--line)",
                "font": {**font, "color": colours.INK, "size": 12},
            },
            "xaxis": {
                "type": "date",
                "showgrid": True,
                "gridcolor": "var(--grid)",
                "zeroline": False,
                "ticks": "outside",
                "tickcolor": "var(--line)",
            },
            "yaxis": {
                "fixedrange": True,
                "gridcolor": "var(--grid)",
                "zerolinecolor": "var(--line)",
                "zerolinewidth": 1.5,
                "nticks": 8,
                **y_axis,
            },
            **layout,
        },
    }


def y_title(text: str) -> dict[str, Any]:
    """A y axis with that title, unit included."""
    return {"title": {"text": text, "standoff": 6, "font": {"size": 12}}}


def step_line(steps: Steps, values: Column, **trace: Any) -> Trace:
    """A line that holds each value over its whole step, also before a gap and at the end of the grid."""
    is_stacked = "stackgroup" in trace  # areas of a stack share their places on the axis
    points: list[tuple[str, float | None]] = []
    for step, value in enumerate(values):
        known = None if value is None else round(value, 3)
        points.append((axis_time(steps.starts[step]), known))
        is_last = step == len(values) - 1
        if is_last or (not is_stacked and known is not None and values[step + 1] is None):
            points.append((axis_time(steps.ends[step]), known))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [moment for moment, _ in points],
        "y": [value for _, value in points],
        "line": {"shape": "hv", **trace.pop("line", {})},
        "hoverinfo": "skip",
        **trace,
    }


def pointer_texts(steps: Steps, heights: Column, texts: Sequence[str]) -> Trace:
    """An invisible trace that shows `texts` when the pointer is over a step: its points lie mid-step."""
    middles = [start + (end - start) / 2 for start, end in zip(steps.starts, steps.ends, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [axis_time(middle) for middle in middles],
        "y": [0.0 if height is None else round(height, 3) for height in heights],
        "text": list(texts),
        "hoverinfo": "text",
        "marker": {"opacity": 0, "size": 1},
        "meta": {"legend": False},
    }


def headline(clock: LocalClock, steps: Steps, step: int) -> str:
    """The first line under the pointer: the step's local time."""
    return f"<b>{clock.span(steps.starts[step], steps.ends[step])}</b>"


def swatch(colour: str, text: str) -> str:
    """A line under the pointer with its colour in front; `text` is plain and gets escaped."""
    return f'<span style="color:{colour}">■</span> {plain(text)}'


def plain(text: str) -> str:
    """Text for plotly's labels, which understand a few tags: none of the data's own may work."""
    return html.escape(text, quote=False)


def shorten(name: str, length: int = 26) -> str:
    """A name that fits a label."""
    return name if len(name) <= length else name[: length - 1] + "…"


def kilo(values: Column, sign: float = 1.0) -> Column:
    """W as kW, with the sign turned where asked."""
    return [None if value is None else sign * value / 1000 for value in values]


def amount(value: float | None, form: str, scale: float = 1.0) -> str:
    """A number with a real minus sign, a dash where it is unknown."""
    return "–" if value is None else format(value * scale, form).replace("-", "−")


def shaded(steps: Steps, marked: Sequence[bool], colour: str) -> list[dict[str, Any]]:
    """A full-height band behind each run of marked steps."""
    bands: list[dict[str, Any]] = []
    for index, is_marked in enumerate(marked):
        if not is_marked:
            continue
        if index and marked[index - 1]:
            bands[-1]["x1"] = axis_time(steps.ends[index])
            continue
        bands.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": axis_time(steps.starts[index]),
                "x1": axis_time(steps.ends[index]),
                "y0": 0,
                "y1": 1,
                "fillcolor": colour,
                "line": {"width": 0},
                "layer": "below",
            }
        )
    return bands
