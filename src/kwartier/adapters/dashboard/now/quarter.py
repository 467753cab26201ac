"""The open quarter-hour: its energy so far, where it is heading, and the peak that is planned."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import QuarterNow, SiteNow
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
        self._figures, self._words = figures, figures.words
        if not is_only:
            Tag("h3", root, "kw-board-name")
        self._expected = Tag("p", "", "kw-value")
        self._verdict = Tag("p", "", "kw-verdict")
        self._gauge = Gauge(f"{self._words('now.quarter')} {root}")
        with Tag("div", classes="kw-ends"):
            self._used, self._planned = Tag("span", ""), Tag("span", "")

    def show(self, quarter: QuarterNow | None) -> None:
        figures, words = self._figures, self._words
        if quarter is None:
            self._expected.text, self._used.text, self._planned.text = figures.power(None), "", ""
            self._verdict.text = words("now.quarter_unmeasured")
            self._gauge.show(None, figures.power(None))
            return
        expected_w = quarter.expected_wh / QUARTER_H
        self._expected.text = words("now.quarter_expected", power=figures.power(expected_w))
        self._used.text = words("now.quarter_used", energy=figures.energy(quarter.used_wh))
        peak_w = quarter.planned_peak_w
        if peak_w is None:
            self._verdict.text, self._planned.text = words("now.quarter_unplanned"), ""
            self._gauge.show(None, self._expected.text)
            return
        room_w = peak_w - expected_w
        key = "now.quarter_good" if room_w >= 0 else "now.quarter_bad"
        self._verdict.text = words(key, power=figures.power(abs(room_w)))
        self._verdict.classes(replace="kw-verdict " + ("kw-good" if room_w >= 0 else "kw-bad"))
        self._planned.text = words("now.quarter_planned", power=figures.power(peak_w))
        ratio = quarter.used_wh / (peak_w * QUARTER_H) if peak_w > 0 else None
        self._gauge.show(ratio, f"{self._used.text}, {self._planned.text}")
