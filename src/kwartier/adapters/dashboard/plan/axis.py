"""The time axis that all charts of a plan share: one place per quarter-hour, labels in the site's own time."""

from dataclasses import dataclass
from typing import Any

from kwartier.adapters.dashboard.colours import css
from kwartier.adapters.dashboard.figures import Figures
from kwartier.service.watching.site_timeline import Column, SiteTimeline

LABEL_HOURS = 6
Option = dict[str, Any]


@dataclass(frozen=True)
class TimeAxis:
    """Makes options of ECharts for one timeline."""

    timeline: SiteTimeline
    figures: Figures

    @property
    def labels(self) -> list[str]:
        """A text at every sixth hour: the day at midnight, else the time; nothing in between."""
        texts = []
        for start in self.timeline.starts:
            local = start.astimezone(self.figures.zone)
            if local.minute or local.hour % LABEL_HOURS:
                texts.append("")
            elif local.hour == 0:
                texts.append(f"{self.figures.weekday(start)} {local.day}")
            else:
                texts.append(f"{local:%H:%M}")
        return texts

    def span(self, index: int) -> str:
        """«Thu 05:45–06:00»."""
        start, figures = self.timeline.starts[index], self.figures
        later = self.timeline.starts[index + 1] if index + 1 < len(self.timeline.starts) else None
        end = "" if later is None else f"–{figures.clock(later)}"
        return f"{figures.weekday(start)} {figures.clock(start)}{end}"

    def x_axis(self, grid_index: int, *, has_labels: bool) -> Option:
        """The axis of the n-th chart."""
        return {
            "type": "category",
            "gridIndex": grid_index,
            "data": self.labels,
            "boundaryGap": True,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {":color": css("--kw-line")}},
            "axisLabel": {
                "show": has_labels,
                "interval": 0,
                ":color": css("--kw-muted"),
                "hideOverlap": True,
            },
        }

    def y_axis(self, grid_index: int, name: str, **extra: Any) -> Option:
        """The axis of the n-th chart, with its unit on top."""
        return {
            "type": "value",
            "gridIndex": grid_index,
            "name": name,
            "nameTextStyle": {":color": css("--kw-muted"), "align": "left", "padding": [0, 0, 0, -34]},
            "nameGap": 10,
            "splitNumber": 3,
            "axisLabel": {":color": css("--kw-muted")},
            "splitLine": {"lineStyle": {":color": css("--kw-line")}},
            **extra,
        }

    def line(self, grid_index: int, name: str, points: Column, colour: str, **style: Any) -> Option:
        """A line that stays level over each quarter-hour; `colour` is one, or an expression in `css(...)`."""
        key = ":color" if "(" in colour else "color"
        return {
            "type": "line",
            "name": name,
            "xAxisIndex": grid_index,
            "yAxisIndex": grid_index,
            "data": _rounded(points),
            "step": "middle",
            "symbol": "none",
            "animation": False,
            "lineStyle": {"width": 2, key: colour, **style},
            "itemStyle": {key: colour},
            "emphasis": {"disabled": True},
        }

    def bars(self, grid_index: int, name: str, points: Column, colour: str) -> Option:
        """A layer of the stack; what delivers stands below zero."""
        return {
            "type": "bar",
            "name": name,
            "xAxisIndex": grid_index,
            "yAxisIndex": grid_index,
            "stack": "power",
            "barCategoryGap": "0%",
            "data": _rounded(points),
            "itemStyle": {"color": colour},
            "emphasis": {"disabled": True},
            "animation": False,
        }

    def present(self) -> Option:
        """Where now is: what lies before it is shaded."""
        index = self.timeline.present_index
        return {
            "markArea": {
                "silent": True,
                "itemStyle": {":color": css("--kw-past")},
                "data": [[{"xAxis": 0}, {"xAxis": index - 1}]],
            },
            "markLine": {
                "silent": True,
                "symbol": "none",
                "label": {"show": False},
                "lineStyle": {":color": css("--kw-ink"), "type": "dashed", "width": 1},
                "data": [{"xAxis": index}],
            },
        }


def in_kw(power_w: Column) -> Column:
    """The same in kW."""
    return [None if one_w is None else one_w / 1000.0 for one_w in power_w]


def _rounded(values: Column) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]
