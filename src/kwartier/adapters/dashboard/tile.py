"""A figure with its name above and a word about it below."""

from kwartier.adapters.dashboard.tag import Tag


class Tile:
    """A figure that can change."""

    def __init__(self, label: str) -> None:
        with Tag("div", classes="kw-tile"):
            Tag("div", label, "kw-label")
            self._value = Tag("div", "", "kw-value")
            self._detail = Tag("div", "", "kw-detail")

    def show(self, value: str, detail: str = "") -> None:
        """Show another figure."""
        self._value.text, self._detail.text = value, detail
