"""What a site did in the last day against its plan, what it will do, and why, quarter-hour by quarter-hour."""

from nicegui import ui

from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.plan.charts import STEP_EVENT, PlanCharts
from kwartier.adapters.dashboard.plan.forecast_chart import forecast_chart
from kwartier.adapters.dashboard.plan.inspector import Inspector
from kwartier.adapters.dashboard.plan.legend import legend
from kwartier.adapters.dashboard.plan.summary import summary
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord
from kwartier.service.watching.read_timeline import read_timeline
from kwartier.service.watching.site_timeline import SiteTimeline
from kwartier.site.timezone import site_timezone


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """The charts, and the inspector of the quarter-hour that is pointed at."""
    past, ports = viewer.works.planned_past, viewer.ports
    timeline = await viewer.run(lambda: read_timeline(viewer.caller, record.site_id, ports=ports, past=past))
    Tag("h1", record.site.name or record.site_id, "kw-title kw-head")
    if not isinstance(timeline, SiteTimeline) or not timeline.boards:
        Tag("p", viewer.words("plan.none"), "kw-card")
        return
    figures = Figures(viewer.words, site_timezone(record.site))
    summary(timeline, figures)

    def show_board(name: str) -> None:
        charts.show_board(name)

    with Tag("div", classes="kw-plan"):
        with Tag("section", classes="kw-card", aria_labelledby="kw-plan-title"):
            Tag("h2", viewer.words("plan.title"), "kw-card-title", id="kw-plan-title")
            legend(timeline, figures)
            boards = {board.name: board.name for board in timeline.boards}
            with Tag("div", classes="kw-board-choice"):
                chosen = next(iter(boards))
                choice(viewer.words("plan.board"), boards, chosen, show_board)
            charts = PlanCharts(timeline, figures)
        inspector = Inspector(timeline, figures)
    _connect(timeline, charts, inspector)
    with Tag("div", classes="kw-halves"):
        for device in timeline.devices:
            if device.forecast_type is not None:
                forecast_chart(timeline, figures, device)


def _connect(timeline: SiteTimeline, charts: PlanCharts, inspector: Inspector) -> None:
    """Pointer and slider show the same quarter-hour; at first the one that runs."""
    last = len(timeline.starts) - 1

    def slid(event: object) -> None:
        index = _index(getattr(event, "args", 0), last)
        inspector.show(index)
        charts.point_at(index)

    ui.on(STEP_EVENT, lambda event: inspector.show(_index(event.args, last)))
    inspector.slider.on("input", slid, js_handler="(event) => emit(event.target.value)", throttle=0.1)
    inspector.show(timeline.present_index)


def _index(sent: object, last: int) -> int:
    """What a browser sends is a number of a quarter-hour, or is taken for the first one."""
    text = str(sent)
    return min(int(text), last) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


VIEW = SiteView("plan", "/plan", show)
