"""Everything that is wrong with a draft, each with its place; a click leads to the field."""

from collections.abc import Callable, Sequence

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.tag import Tag
from kwartier.site.finding import Finding

MOST_COUNT = 50


class FindingList:
    """The verdict on the draft, and its findings, errors first."""

    def __init__(self, words: Words, lead_to: Callable[[str], None]) -> None:
        self._words, self._lead_to = words, lead_to
        with Tag("section", classes="kw-card", aria_labelledby="kw-findings"):
            Tag("h2", words("setup.findings"), "kw-card-title", id="kw-findings")
            self._verdict = Tag("p", "", "kw-verdict", role="status")
            self._list = Tag("ul", classes="kw-findings")

    def show(self, findings: Sequence[Finding]) -> None:
        """Show other findings."""
        ordered = sorted(findings, key=lambda one: one.severity != "ERROR")
        error_count = sum(one.severity == "ERROR" for one in findings)
        words = self._words
        self._verdict.text = (
            words("setup.errors", count=error_count) if error_count else words("setup.plannable")
        )
        self._verdict.classes(replace="kw-verdict " + ("kw-bad" if error_count else "kw-good"))
        self._list.clear()
        with self._list:
            for finding in ordered[:MOST_COUNT]:
                self._entry(finding)

    def _entry(self, finding: Finding) -> None:
        is_error = finding.severity == "ERROR"
        with Tag("li"):
            path = finding.path
            button = Tag("button", path.removeprefix("$."), "kw-path", type="button")
            button.on("click", lambda: self._lead_to(path))
            Tag("span", finding.message, "kw-finding" + ("" if is_error else " kw-finding-warning"))
