"""A battery: how full it is."""

from datetime import datetime

from kwartier.adapters.dashboard.cards.card import Card
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import DeviceNow


class BatteryCard(Card):
    """Adds the state of charge."""

    def _own_part(self) -> None:
        self._gauge = Gauge(self._words("now.battery"), is_bad_when_full=False)
        with Tag("div", classes="kw-ends"):
            self._charge = Tag("span", "")

    def _show_own_part(self, device: DeviceNow, at: datetime) -> None:  # noqa: ARG002 - as every card
        percent = device.reading.charge_percent if device.reading is not None else None
        self._charge.text = self._words("now.battery_charge", charge=self._figures.percent(percent))
        self._gauge.show(None if percent is None else percent / 100.0, self._charge.text)
