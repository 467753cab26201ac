"""What a site did in the last day against its plan, what it will do, and why, quarter-hour by quarter-hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.plan.chart_scripts import chart_scripts_link
from kwartier.adapters.dashboard.plan.charts import STEP_EVENT, WHOLE_PX, PlanCharts
from kwartier.adapters.dashboard.plan.forecast_chart import forecast_chart
from kwartier.adapters.dashboard.plan.inspector import BATTERY, Inspector
from kwartier.adapters.dashboard.plan.legend import legend
from kwartier.adapters.dashboard.plan.summary import summary
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord
from kwartier.service.watching.forecast_bands import forecast_bands
from kwartier.service.watching.measured_past import measured_current_a, measured_past
from kwartier.service.watching.read_timeline import read_timeline
from kwartier.service.watching.site_timeline import Column, SiteTimeline
from kwartier.site.timezone import site_timezone

# What is measured of quarter-hours that are over is good for so long, for all who look on.
OLD_S = 60.0


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """The figures and the inspector at once; the charts, whose scripts are large, as soon as the page stands."""
    past, ports = viewer.works.planned_past, viewer.ports
    timeline = await viewer.run(lambda: read_timeline(viewer.caller, record.site_id, ports=ports, past=past))
    Tag("h1", record.site.name or record.site_id, "kw-title kw-head")
    if not isinstance(timeline, SiteTimeline) or not timeline.boards:
        Tag("p", viewer.words("plan.none"), "kw-card")
        return
    figures = Figures(viewer.words, site_timezone(record.site))
    page = _Page(viewer, record.site_id, timeline, figures)
    summary(timeline, figures)
    with Tag("div", classes="kw-plan"):
        with Tag("section", classes="kw-card", aria_labelledby="kw-plan-title"):
            Tag("h2", viewer.words("plan.title"), "kw-card-title", id="kw-plan-title")
            legend(timeline, figures)
            place = Tag("div").style(f"min-height: {WHOLE_PX}px")
        inspector = Inspector(timeline, figures)
        inspector.show(timeline.present_index)
    halves = Tag("div", classes="kw-halves")
    ui.add_head_html(chart_scripts_link(viewer.root))
    await ui.context.client.connected()
    await page.draw(place, inspector)
    await page.draw_forecasts(halves)


@dataclass(frozen=True)
class _Page:
    """What one open page draws once it stands."""

    viewer: Viewer
    site_id: str
    timeline: SiteTimeline
    figures: Figures

    async def draw(self, place: Tag, inspector: Inspector) -> None:
        """The charts, with what was measured; pointer and slider show the same quarter-hour."""
        viewer, timeline, figures = self.viewer, self.timeline, self.figures
        batteries = [device.name for device in timeline.devices if device.kind == BATTERY]
        past = await viewer.run(
            lambda: measured_past(viewer.caller, self.site_id, batteries, self._over(), ports=viewer.ports)
        )
        boards = {board.name: board.name for board in timeline.boards}
        chosen = next(iter(boards))
        currents = await self._currents(chosen)

        async def show_board(name: str) -> None:
            if name in boards:
                charts.show_board(name, await self._currents(name))

        with place:
            with Tag("div", classes="kw-board-choice"):
                choice(viewer.words("plan.board"), boards, chosen, show_board)
            charts = PlanCharts(timeline, figures, past, currents)
        inspector.know(past)
        _connect(timeline, charts, inspector)

    def _over(self) -> Sequence[datetime]:
        """The quarter-hours that have begun."""
        return self.timeline.starts[: self.timeline.present_index + 1]

    async def _currents(self, board: str) -> Mapping[str, Column]:
        """What the board's meter said of each phase, once a minute for all who look on."""
        viewer, starts = self.viewer, self._over()
        key = ("currents", viewer.caller.partner_id, self.site_id, board, starts[0])
        found = await viewer.works.looks.at(
            key,
            OLD_S,
            lambda: measured_current_a(viewer.caller, self.site_id, board, starts, ports=viewer.ports),
        )
        ahead = [None] * (len(self.timeline.starts) - len(starts))
        return {phase: [*column, *ahead] for phase, column in found.items()}

    async def draw_forecasts(self, halves: Tag) -> None:
        """What is expected of sun and load, with the bands."""
        viewer, timeline = self.viewer, self.timeline
        bands = await viewer.run(
            lambda: forecast_bands(viewer.caller, self.site_id, timeline.starts, ports=viewer.ports)
        )
        with halves:
            for device in timeline.devices:
                if device.forecast_type is not None:
                    forecast_chart(timeline, self.figures, device, bands.get(device.name))


def _connect(timeline: SiteTimeline, charts: PlanCharts, inspector: Inspector) -> None:
    """Pointer and slider show the same quarter-hour."""
    last = len(timeline.starts) - 1

    def slid(event: object) -> None:
        index = _index(getattr(event, "args", 0), last)
        inspector.show(index)
        charts.point_at(index)

    ui.on(STEP_EVENT, lambda event: inspector.show(_index(event.args, last)))
    inspector.slider.on("input", slid, js_handler="(event) => emit(event.target.value)", throttle=0.1)


def _index(sent: object, last: int) -> int:
    """What a browser sends is a number of a quarter-hour, or is taken for the first one."""
    text = str(sent)
    return min(int(text), last) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


VIEW = SiteView("plan", "/plan", show)
