"""The electrical tree: each board with the current of its phases against their limit."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import BoardNow, SiteNow


class Boards:
    """The tree as a nested list, drawn by indentation."""

    def __init__(self, figures: Figures, now: SiteNow) -> None:
        words = figures.words
        with Tag("section", classes="kw-card kw-tree", aria_labelledby="kw-tree"):
            Tag("h2", words("now.tree"), "kw-card-title", id="kw-tree")
            if not now.boards:
                Tag("p", words("now.tree_empty"), "kw-muted")
            self._rows = {board.name: _BoardRow(figures, board) for board in now.boards}

    def show(self, now: SiteNow) -> None:
        """Show another look; a board that came with a changed document appears when the page is loaded again."""
        for board in now.boards:
            if board.name in self._rows:
                self._rows[board.name].show(board, now)


class _BoardRow:
    def __init__(self, figures: Figures, board: BoardNow) -> None:
        self._figures = figures
        with Tag("div", classes="kw-board").style(f"--depth: {board.depth}"):
            with Tag("div", classes="kw-board-head"):
                Tag("h3", board.name, "kw-board-name")
                limit = figures.words("now.tree_limit", current=figures.current(board.limit_a))
                Tag("span", limit, "kw-muted")
                self._power = Tag("span", "", "kw-board-power")
            with Tag("div", classes="kw-phases"):
                self._phases = {phase: _phase(board.name, phase) for phase in board.phases}

    def show(self, board: BoardNow, now: SiteNow) -> None:
        reading = board.reading if board.reading is not None and board.reading.is_fresh(now.at) else None
        words, figures = self._figures.words, self._figures
        self._power.text = words("now.tree_unmeasured") if reading is None else figures.power(reading.power_w)
        for phase, (gauge, value) in self._phases.items():
            current_a = None if reading is None else reading.current_a.get(phase)
            value.text = figures.current(current_a)
            limit = figures.current(board.limit_a)
            heard = words("now.tree_of", current=figures.current(current_a), limit=limit)
            gauge.show(None if current_a is None else current_a / board.limit_a, heard)


def _phase(board: str, phase: str) -> tuple[Gauge, Tag]:
    with Tag("div", classes="kw-phase"):
        Tag("span", phase, "kw-phase-name")
        gauge = Gauge(f"{board} {phase}")
        return gauge, Tag("span", "", "kw-phase-value")
