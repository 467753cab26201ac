"""What every device's card shows: name, state, power, currents, setpoint, and why."""

from datetime import datetime

from kwartier.adapters.dashboard.figures import MINUS, Figures
from kwartier.adapters.dashboard.reason import reason_in_words
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import DeviceNow


class Card:
    """A card that can show a device at another moment. A kind adds what only it has, between the power and the why."""

    def __init__(self, figures: Figures, device: DeviceNow) -> None:
        self._figures, self._words = figures, figures.words
        with Tag("article", classes="kw-card kw-device", aria_label=device.name):
            with Tag("div", classes="kw-device-head"):
                Tag("h3", device.name, "kw-device-name")
                self._state = Tag("span", "", "kw-chip")
            with Tag("div", classes="kw-device-figures"):
                self._power = Tag("span", "", "kw-device-power")
                self._currents = Tag("span", "", "kw-muted")
            self._own_part()
            self._told = Tag("p", "", "kw-told")
            self._why = Tag("p", "", "kw-why")
            self._change = Tag("p", "", "kw-change")

    def show(self, device: DeviceNow, at: datetime) -> None:
        """Show the device at another moment."""
        reading = device.reading
        is_fresh = reading is not None and reading.is_fresh(at)
        self._state.text = self._words(f"state.{device.state}")
        self._state.classes(replace=f"kw-chip kw-state-{device.state}")
        self._power.text = self._figures.power(reading.power_w if reading is not None else None)
        self._power.classes(replace="kw-device-power" + ("" if is_fresh else " kw-old"))
        if reading is not None and not is_fresh:
            age = self._figures.age(at - reading.measured_at)
            self._currents.text = self._words("now.stale", age=age)
        else:
            self._currents.text = self._flowing(device)
        self._show_own_part(device, at)
        self._show_setpoint(device)

    def _own_part(self) -> None:
        """Build what only this kind has."""

    def _show_own_part(self, device: DeviceNow, at: datetime) -> None:
        """Show it."""

    def _flowing(self, device: DeviceNow) -> str:
        """The currents of its pins or phases that carry one."""
        currents = device.reading.current_a if device.reading is not None else {}
        shown = {name: current_a for name, current_a in currents.items() if abs(current_a) >= 0.05}
        return " · ".join(
            f"{_pin(name)} {self._figures.current(amps)}" for name, amps in sorted(shown.items())
        )

    def _show_setpoint(self, device: DeviceNow) -> None:
        setpoint = device.setpoint
        if setpoint is None:
            self._told.text, self._why.text, self._change.text = "", "", ""
            return
        if setpoint.max_current is not None:
            told = self._words("now.told_current", current=self._figures.current(setpoint.max_current))
        else:
            told = self._words("now.told_power", power=self._figures.power(setpoint.power))
        until = self._words("now.told_until", time=self._figures.clock(setpoint.valid_until))
        self._told.text = f"{told} {until}"
        reason = reason_in_words(setpoint.reason, self._words)
        self._why.text, self._change.text = reason.text, reason.change


def _pin(name: str) -> str:
    """«L1» for a phase, «1» for a pin."""
    return name.removeprefix("pin").replace("-", MINUS)
