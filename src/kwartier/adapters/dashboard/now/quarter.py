"""The open quarter-hour: its energy so far, where it is heading, and the peak that is planned."""

from collections.abc import Sequence

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import PeakNow, QuarterNow, SiteNow
from kwartier.units.quarter_hour import QUARTER_H


class OpenQuarter:
    """One block for each connection to the grid."""

    def __init__(self, figures: Figures, now: SiteNow) -> None:
        with Tag("section", classes="kw-card", aria_labelledby="kw-quarter"):
            Tag("h2", figures.words("now.quarter"), "kw-card-title", id="kw-quarter")
            roots = [board.name for board in now.boards if board.depth == 0]
            self._blocks = {root: _Block(figures, root, is_only=len(roots) == 1) for root in roots}

    def show(self, now: SiteNow) -> None:
        """Show another look."""
        found = {one.root: one for one in now.quarters}
        for root, block in self._blocks.items():
            block.show(found.get(root))


class _Block:
    def __init__(self, figures: Figures, root: str, *, is_only: bool) -> None:
        self._figures, self._words, self._root = figures, figures.words, root
        if not is_only:
            Tag("h3", root, "kw-board-name")
        self._expected = Tag("p", "", "kw-value")
        self._used = Tag("p", "", "kw-detail")
        self._verdict = Tag("p", "", "kw-verdict")
        self._lines = Tag("div", classes="kw-peaks")
        self._gauges: dict[str | None, tuple[Gauge, Tag]] = {}

    def show(self, quarter: QuarterNow | None) -> None:
        figures, words = self._figures, self._words
        if quarter is None:
            self._expected.text, self._used.text = figures.power(None), words("now.quarter_unmeasured")
            self._verdict.text = ""
            return
        expected = figures.power(quarter.expected_wh / QUARTER_H)
        self._expected.text = words("now.quarter_expected", power=expected)
        self._used.text = words("now.quarter_used", energy=figures.energy(quarter.used_wh))
        if self._gauges.keys() != {peak.phase for peak in quarter.peaks}:
            self._build(quarter.peaks)
        for peak in quarter.peaks:
            self._show_peak(peak)
        self._judge(quarter.peaks)

    def _build(self, peaks: Sequence[PeakNow]) -> None:
        self._lines.clear()
        with self._lines:
            self._gauges = {peak.phase: self._line(peak.phase) for peak in peaks}

    def _line(self, phase: str | None) -> tuple[Gauge, Tag]:
        with Tag("div", classes="kw-peak"):
            Tag("span", phase or self._words("now.quarter_all"), "kw-phase-name")
            gauge = Gauge(f"{self._words('now.quarter')} {self._root} {phase or ''}")
            return gauge, Tag("span", "", "kw-phase-value")

    def _show_peak(self, peak: PeakNow) -> None:
        gauge, value = self._gauges[peak.phase]
        value.text = self._words(
            "now.quarter_of",
            expected=self._figures.number(peak.expected_w / 1000.0, 1),
            planned=self._figures.power(peak.planned_w),
        )
        gauge.show(peak.expected_w / peak.planned_w if peak.planned_w > 0 else None, value.text)

    def _judge(self, peaks: Sequence[PeakNow]) -> None:
        """How far the tightest of them is from its planned peak."""
        if not peaks:
            self._verdict.text = self._words("now.quarter_unplanned")
            self._verdict.classes(replace="kw-verdict kw-muted")
            return
        room_w = min(peak.planned_w - peak.expected_w for peak in peaks)
        key = "now.quarter_good" if room_w >= 0 else "now.quarter_bad"
        self._verdict.text = self._words(key, power=self._figures.power(abs(room_w)))
        self._verdict.classes(replace="kw-verdict " + ("kw-good" if room_w >= 0 else "kw-bad"))
