"""A table of texts; on a small screen it scrolls sideways by itself, also by keyboard."""

from collections.abc import Sequence

from kwartier.adapters.dashboard.tag import Tag


class Table:
    """A table that can show other rows; with none it says so. Columns from `first_numeric_index` on are set right."""

    def __init__(
        self, heads: Sequence[str], name: str, nothing: str, *, first_numeric_index: int | None = None
    ) -> None:
        self._first_numeric_index = len(heads) if first_numeric_index is None else first_numeric_index
        self._rows: list[list[str]] | None = None
        self._box = Tag("div", classes="kw-sheet-box", role="region", aria_label=name, tabindex="0")
        with self._box, Tag("table", classes="kw-sheet"):
            with Tag("thead"), Tag("tr"):
                for index, head in enumerate(heads):
                    Tag("th", head, self._classes(index), scope="col")
            self._body = Tag("tbody")
        self._nothing = Tag("p", nothing, "kw-muted")

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows; nothing is built anew where they are the same."""
        texts = [list(row) for row in rows]
        if texts == self._rows:
            return
        self._rows = texts
        self._box.set_visibility(bool(texts))
        self._nothing.set_visibility(not texts)
        self._body.clear()
        with self._body:
            for row in texts:
                with Tag("tr"):
                    for index, text in enumerate(row):
                        if index == 0:
                            Tag("th", text, scope="row")
                        else:
                            Tag("td", text, self._classes(index))

    def _classes(self, index: int) -> str:
        return "kw-number" if index >= self._first_numeric_index else ""
