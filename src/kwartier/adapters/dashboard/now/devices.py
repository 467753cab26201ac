"""A card for each device, and one line for the poles at which no car stands."""

from collections.abc import Collection

from kwartier.adapters.dashboard.cards import CARDS
from kwartier.adapters.dashboard.cards.card import Card
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import DeviceNow, SiteNow


class Devices:
    """The cards of the kinds that are asked for, in the order of the document; which poles are free changes."""

    def __init__(self, figures: Figures, title_key: str, kinds: Collection[str]) -> None:
        self._figures, self._kinds = figures, kinds
        self._cards: dict[str, Card] = {}
        self._free: tuple[str, ...] | None = None
        with Tag("section", aria_labelledby=title_key.replace(".", "-")):
            Tag("h2", figures.words(title_key), "kw-section-title", id=title_key.replace(".", "-"))
            self._grid = Tag("div", classes="kw-cards")
            self._line = Tag("p", "", "kw-free")

    def show(self, now: SiteNow) -> None:
        """Show another look."""
        own = [one for one in now.devices if one.kind in self._kinds]
        shown = [one for one in own if one.state != "free"]
        if [one.name for one in shown] != list(self._cards):
            self._build(shown)
        for device in shown:
            self._cards[device.name].show(device, now.at)
        free = tuple(one.name for one in own if one.state == "free")
        if free != self._free:
            self._free = free
            self._line.text = f"{self._figures.words('now.free_poles')}: {', '.join(free)}" if free else ""

    def _build(self, shown: list[DeviceNow]) -> None:
        self._grid.clear()
        with self._grid:
            self._cards = {one.name: CARDS.get(one.kind, Card)(self._figures, one) for one in shown}
