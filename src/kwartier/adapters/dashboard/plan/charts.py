"""The charts of a plan as one drawing, so that one pointer goes through all of them: power, price, phases, charge."""

import html
import json
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from kwartier.adapters.dashboard import colours
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.plan.axis import Option, TimeAxis, in_kw
from kwartier.service.watching.measured_past import MeasuredPast
from kwartier.service.watching.site_timeline import BoardLine, Column, DeviceLine, SiteTimeline

POLES = frozenset({"charging_pole_3phase", "dc_charging_pole"})
# Tops and heights of the charts, px: power, price, phases of a board, state of charge.
TOPS, HEIGHTS, WHOLE_PX = (36, 366, 526, 686), (280, 100, 100, 80), 794
STEP_EVENT = "kw_step"
NOTEWORTHY_W = 20.0


class PlanCharts:
    """The drawing; `show_board` changes whose phases it shows, `point_at` moves the pointer."""

    def __init__(
        self, timeline: SiteTimeline, figures: Figures, past: MeasuredPast, current_a: Mapping[str, Column]
    ) -> None:
        self._timeline, self._figures, self._words = timeline, figures, figures.words
        self._axis, self._past = TimeAxis(timeline, figures), past
        self._chart = ui.echart(self._options(timeline.boards[0], current_a)).style(f"height: {WHOLE_PX}px")
        self._chart.classes("kw-chart")
        self._chart.props["role"] = "img"
        self._chart.props["aria-label"] = self._words("plan.chart_label")

    def show_board(self, name: str, current_a: Mapping[str, Column]) -> None:
        """Show the phases of another board, with what its meter said of them."""
        board = next(one for one in self._timeline.boards if one.name == name)
        self._chart.options.clear()
        self._chart.options.update(self._options(board, current_a))
        self._chart.update()

    def point_at(self, index: int) -> None:
        """Move the pointer to a quarter-hour."""
        self._chart.run_chart_method(
            "dispatchAction", {"type": "showTip", "seriesIndex": 0, "dataIndex": index}
        )

    def _options(self, board: BoardLine, current_a: Mapping[str, Column]) -> Option:
        axis, words = self._axis, self._words
        names = (
            words("plan.power_axis"),
            words("plan.price_axis"),
            words("plan.phases_axis", board=board.name),
            words("plan.charge_axis"),
        )
        last = len(TOPS) - 1
        return {
            "textStyle": {"fontFamily": "inherit"},
            "grid": [
                {"left": 44, "right": 12, "top": top, "height": height}
                for top, height in zip(TOPS, HEIGHTS, strict=True)
            ],
            "xAxis": [axis.x_axis(number, has_labels=number in {0, last}) for number in range(len(TOPS))],
            "yAxis": [
                axis.y_axis(0, names[0]),
                axis.y_axis(1, names[1]),
                axis.y_axis(2, names[2], **self._extent(board, current_a)),
                axis.y_axis(3, names[3], min=0, max=100, interval=50),
            ],
            "axisPointer": {
                "link": [{"xAxisIndex": "all"}],
                "lineStyle": {":color": colours.css("--kw-ink")},
            },
            "tooltip": self._tooltip(),
            "series": [*self._power(), *self._prices(), *self._phases(board, current_a), *self._charges()],
        }

    def _tooltip(self) -> Option:
        """A word at the pointer; the page hears where it is, and shows the rest."""
        texts = json.dumps([html.escape(self._text(number)) for number in range(len(self._timeline.starts))])
        return {
            "trigger": "axis",
            "axisPointer": {"type": "line"},
            ":backgroundColor": colours.css("--kw-card"),
            ":borderColor": colours.css("--kw-line"),
            "textStyle": {":color": colours.css("--kw-ink"), "fontSize": 13},
            ":formatter": f"(() => {{ const texts = {texts}; let last = -1; return (all) => {{ "
            "const step = all[0].dataIndex; "
            f"if (step !== last) {{ last = step; emitEvent('{STEP_EVENT}', step); }} return texts[step]; }} }})()",
        }

    def _text(self, index: int) -> str:
        timeline, figures = self._timeline, self._figures
        grid_w = timeline.measured_grid_w[index]
        power = figures.power(timeline.planned_grid_w[index] if grid_w is None else grid_w)
        price = figures.price(timeline.offtake_eur_per_mwh[index])
        return f"{self._axis.span(index)} · {self._words('now.grid')} {power} · {price}"

    def _power(self) -> list[Option]:
        timeline, axis = self._timeline, self._axis
        layers = [
            axis.bars(0, device.name, in_kw(_known(device)), self._colour(number, device))
            for number, device in enumerate(timeline.devices)
            if any(abs(value) > NOTEWORTHY_W for value in _known(device) if value is not None)
        ]
        measured = axis.line(
            0, self._words("plan.grid_measured"), in_kw(timeline.measured_grid_w), colours.css("--kw-ink")
        )
        planned = axis.line(
            0,
            self._words("plan.grid_planned"),
            in_kw(timeline.planned_grid_w),
            colours.css("--kw-ink"),
            type="dashed",
            width=1.5,
        )
        return [{**measured, **axis.present()}, *layers, planned]

    def _colour(self, number: int, device: DeviceLine) -> str:
        if device.kind == "forecasted_series_3phase":
            return colours.PV if device.forecast_type == "pv" else colours.LOAD
        return colours.pole(number) if device.kind in POLES else colours.BATTERY

    def _prices(self) -> list[Option]:
        axis, timeline = self._axis, self._timeline
        offtake = axis.line(1, self._words("plan.offtake"), timeline.offtake_eur_per_mwh, colours.PRICE)
        injection = axis.line(
            1, self._words("plan.injection"), timeline.injection_eur_per_mwh, colours.INJECTION, type="dashed"
        )
        return [{**offtake, **axis.present()}, injection]

    def _extent(self, board: BoardLine, current_a: Mapping[str, Column]) -> Option:
        """Up to the limit at least, so that it is seen."""
        lines = (*board.planned_a.values(), *current_a.values())
        known = [value for line in lines for value in line if value is not None]
        if max([0.0, *known]) > board.limit_a:
            return {}
        return {"max": board.limit_a, "interval": board.limit_a / 2}

    def _phases(self, board: BoardLine, current_a: Mapping[str, Column]) -> list[Option]:
        """What was planned in thin lines, what was measured in thick ones."""
        planned = [
            self._phase(phase, column, width=1.2, opacity=0.7) for phase, column in board.planned_a.items()
        ]
        measured = [self._phase(phase, column, width=2.5) for phase, column in current_a.items()]
        lines = [*planned, *measured]
        limit: dict[str, Any] = {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {":color": colours.css("--kw-bad"), "type": "solid", "width": 1.5},
            "data": [{"yAxis": board.limit_a}],
        }
        present = self._axis.present()
        now = {**present["markLine"]["data"][0], "lineStyle": present["markLine"]["lineStyle"]}
        present["markLine"] = {**limit, "data": [*limit["data"], now]}
        return [{**lines[0], **present}, *lines[1:]]

    def _phase(self, phase: str, column: Column, **style: Any) -> Option:
        colour, dash = colours.COLOUR_BY_PHASE[phase], colours.DASH_BY_PHASE[phase]
        return self._axis.line(2, phase, column, colour, type=dash, **style)

    def _charges(self) -> list[Option]:
        """What was planned dashed, what was told solid; an empty line where there is no battery."""
        planned = {
            one.name: one.planned_percent
            for one in self._timeline.devices
            if any(percent is not None for percent in one.planned_percent)
        } or {"": [None] * len(self._timeline.starts)}
        lines = [
            self._axis.line(3, name, column, colours.BATTERY, type="dashed")
            for name, column in planned.items()
        ]
        told = self._past.percent_by_battery
        lines += [
            self._axis.line(3, name, column, colours.BATTERY, width=2.5) for name, column in told.items()
        ]
        return [{**lines[0], **self._axis.present()}, *lines[1:]]


def _known(device: DeviceLine) -> Column:
    """As measured, and as planned where nothing is measured yet."""
    pairs = zip(device.measured_w, device.planned_w, strict=True)
    return [planned if measured is None else measured for measured, planned in pairs]
