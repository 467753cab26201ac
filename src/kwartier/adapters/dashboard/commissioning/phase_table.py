"""On which phase each pin seems to hang, how sure that is, and whether the document says the same."""

from collections.abc import Sequence

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.commissioning.asset_report import AssetReport, PhaseCheck, PhaseVerdict

HEADS = ("pin", "expected", "reacting", "certainty", "verdict")
TONE_BY_VERDICT: dict[PhaseVerdict, str] = {
    "confirmed": "good",
    "likely": "good",
    "differs": "bad",
    "not_yet": "plain",
}


class PhaseTable:
    """A row for each pin of each pole that a meter above can tell about."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._words = figures, figures.words
        with Tag("section", classes="kw-card", aria_labelledby="kw-phases"):
            Tag("h2", self._words("commissioning.phases"), "kw-card-title", id="kw-phases")
            Tag("p", self._words("commissioning.phases_meaning"), "kw-change")
            self._nothing = Tag("p", self._words("commissioning.no_phases"), "kw-muted")
            self._box = Tag(
                "div", classes="kw-scroll", role="region", aria_labelledby="kw-phases", tabindex="0"
            )
            with self._box, Tag("table", classes="kw-sheet kw-plain"):
                with Tag("thead"), Tag("tr"):
                    for head in HEADS:
                        Tag("th", self._words(f"commissioning.head_{head}"), scope="col")
                self._body = Tag("tbody")
            self._still = Tag("p", "", "kw-muted")

    def show(self, assets: Sequence[AssetReport]) -> None:
        """Show another look."""
        told = [(one.name, check) for one in assets for check in one.phases]
        checks = [(name, check) for name, check in told if check.moves_count]
        still_count = len(told) - len(checks)
        self._still.text = self._words("commissioning.still", count=still_count) if still_count else ""
        self._nothing.set_visibility(not told)
        self._box.set_visibility(bool(checks))
        self._body.clear()
        with self._body:
            for name, check in checks:
                self._row(name, check)

    def _row(self, name: str, check: PhaseCheck) -> None:
        words = self._words
        certainty = None if check.certainty_ratio is None else check.certainty_ratio * 100.0
        with Tag("tr"):
            Tag("th", f"{name}, {check.pin}", scope="row")
            Tag("td", words("commissioning.phase_at", phase=check.expected, meter=check.meter))
            Tag("td", check.reacting or "–")
            moves = words("commissioning.moves", count=check.moves_count)
            Tag("td", f"{self._figures.percent(certainty)}, {moves}")
            with Tag("td"):
                text = words(f"commissioning.verdict_{check.verdict}")
                Tag("span", text, f"kw-chip kw-tone-{TONE_BY_VERDICT[check.verdict]}")
