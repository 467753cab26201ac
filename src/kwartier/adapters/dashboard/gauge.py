"""A bar that is filled up to a limit; a screen reader hears the value."""

from kwartier.adapters.dashboard.tag import Tag

# Of a limit: from here on a value is worth a look, and from there on it is too much.
CLOSE_RATIO, FULL_RATIO = 0.9, 1.0


class Gauge:
    """A bar for a value that can change, with its name for those who do not see it."""

    def __init__(self, name: str, *, is_bad_when_full: bool = True) -> None:
        self._is_bad_when_full = is_bad_when_full
        with Tag("div", classes="kw-gauge", role="meter", aria_label=name) as self._bar:
            self._fill = Tag("span", classes="kw-fill")
        self._bar.props.update({"aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0"})

    def show(self, ratio: float | None, text: str) -> None:
        """Fill the bar to this part of its limit; the sign only chooses the colour. `text` is what is heard."""
        size = abs(ratio or 0.0)
        self._fill.style(replace=f"width: {min(size, 1.0) * 100:.1f}%")
        self._fill.classes(replace=f"kw-fill {self._tone(ratio or 0.0)}")
        self._bar.props.update({"aria-valuenow": f"{min(size, 1.0) * 100:.0f}", "aria-valuetext": text})

    def _tone(self, ratio: float) -> str:
        if self._is_bad_when_full and abs(ratio) > FULL_RATIO:
            return "kw-fill-bad"
        if self._is_bad_when_full and abs(ratio) >= CLOSE_RATIO:
            return "kw-fill-close"
        return "kw-fill-out" if ratio < 0 else ""
