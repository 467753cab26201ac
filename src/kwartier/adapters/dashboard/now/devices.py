"""A card for each device, and one line for the poles at which no car stands."""

from kwartier.adapters.dashboard.cards import CARDS
from kwartier.adapters.dashboard.cards.card import Card
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import DeviceNow, SiteNow


class Devices:
    """The cards in the order of the document; which poles are free changes with the cars."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._cards: dict[str, Card] = {}
        self._free: tuple[str, ...] | None = None
        with Tag("section", aria_labelledby="kw-devices"):
            Tag("h2", figures.words("now.devices"), "kw-section-title", id="kw-devices")
            self._grid = Tag("div", classes="kw-cards")
            self._line = Tag("p", "", "kw-free")

    def show(self, now: SiteNow) -> None:
        """Show another look."""
        shown = [one for one in now.devices if one.state != "free"]
        if [one.name for one in shown] != list(self._cards):
            self._build(shown)
        for device in shown:
            self._cards[device.name].show(device, now.at)
        free = tuple(one.name for one in now.devices if one.state == "free")
        if not now.devices:
            self._line.text = self._figures.words("now.no_devices")
        elif free != self._free:
            self._free = free
            self._line.text = f"{self._figures.words('now.free_poles')}: {', '.join(free)}" if free else ""

    def _build(self, shown: list[DeviceNow]) -> None:
        self._grid.clear()
        with self._grid:
            self._cards = {one.name: CARDS.get(one.kind, Card)(self._figures, one) for one in shown}
