"""An AC charging pole with a car at it."""

from datetime import datetime

from kwartier.adapters.dashboard.cards.card import Card
from kwartier.adapters.dashboard.gauge import Gauge
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import DeviceNow
from kwartier.site.transaction import Transaction


class ChargingPoleCard(Card):
    """Adds the car: what it has of what it asked for, and when it leaves."""

    def _own_part(self) -> None:
        self._gauge = Gauge(self._words("now.cars"), is_bad_when_full=False)
        with Tag("div", classes="kw-ends"):
            self._energy, self._leaves = Tag("span", ""), Tag("span", "")

    def _show_own_part(self, device: DeviceNow, at: datetime) -> None:
        if device.car is None:
            self._energy.text, self._leaves.text = "", ""
            self._gauge.show(None, "")
            return
        self._energy.text = self._charged(device.car)
        departure = device.car.departure_time
        leaves = self._figures.day_clock(departure, at)
        self._leaves.text = (
            self._words("now.car_leaves_unknown")
            if departure is None
            else self._words("now.car_leaves", time=leaves)
        )
        asked_wh = device.car.requested_energy
        ratio = (device.car.energy_charged or 0.0) / asked_wh if asked_wh else None
        self._gauge.show(ratio, self._energy.text)

    def _charged(self, car: Transaction) -> str:
        charged = self._figures.energy(car.energy_charged or 0.0)
        if car.requested_energy is None:
            return self._words("now.car_charged", charged=charged)
        return self._words(
            "now.car_energy", charged=charged, requested=self._figures.energy(car.requested_energy)
        )
