"""What is expected of sun and load: the forecast, the band of eight in ten quarter-hours, what was measured."""

from nicegui import ui

from kwartier.adapters.dashboard import colours
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.plan.axis import Option, TimeAxis, in_kw
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.forecast_bands import Band
from kwartier.service.watching.site_timeline import Column, DeviceLine, SiteTimeline

HEIGHT_PX = 200


def forecast_chart(timeline: SiteTimeline, figures: Figures, device: DeviceLine, band: Band | None) -> None:
    """The chart of one series."""
    axis, words = TimeAxis(timeline, figures), figures.words
    colour = colours.PV if device.forecast_type == "pv" else colours.LOAD
    sign = -1.0 if device.forecast_type == "pv" else 1.0
    nobody_knows: Column = [None] * len(timeline.starts)
    low_kw, high_kw = (in_kw(band.low_w), in_kw(band.high_w)) if band else (nobody_knows, nobody_knows)
    lower, upper = (high_kw, low_kw) if sign < 0 else (low_kw, high_kw)
    name = words("plan.forecast_axis")
    options: Option = {
        "textStyle": {"fontFamily": "inherit"},
        "grid": [{"left": 44, "right": 12, "top": 36, "bottom": 26}],
        "xAxis": [axis.x_axis(0, has_labels=True)],
        "yAxis": [axis.y_axis(0, name)],
        "tooltip": {"show": False},
        "series": [
            *_band(axis, _signed(lower, sign), _signed(upper, sign), colour),
            axis.line(
                0, words("plan.forecast"), _signed(in_kw(device.planned_w), sign), colour, type="dashed"
            ),
            {
                **axis.line(
                    0,
                    words("plan.measured"),
                    _signed(in_kw(device.measured_w), sign),
                    colours.css("--kw-ink"),
                ),
                **axis.present(),
            },
        ],
    }
    with Tag("section", classes="kw-card"):
        Tag("h3", words("plan.forecast_of", name=device.name), "kw-card-title")
        chart = ui.echart(options).style(f"height: {HEIGHT_PX}px")
        chart.props["role"] = "img"
        chart.props["aria-label"] = words("plan.forecast_label", name=device.name)


def _band(axis: TimeAxis, low: Column, high: Column, colour: str) -> list[Option]:
    """A lower edge that is not seen, and on it the width of the band."""
    width: Column = [
        None if below is None or above is None else above - below
        for below, above in zip(low, high, strict=True)
    ]
    hidden = {"lineStyle": {"opacity": 0}, "stack": "band"}
    return [
        {**axis.line(0, "P10", low, colour), **hidden},
        {**axis.line(0, "P10–P90", width, colour), **hidden, "areaStyle": {"color": colour, "opacity": 0.3}},
    ]


def _signed(values: Column, sign: float) -> Column:
    """Power that the sun delivers is drawn upwards."""
    return [None if value is None else value * sign for value in values]
