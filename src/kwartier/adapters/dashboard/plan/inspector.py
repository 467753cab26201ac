"""One quarter-hour in words: price, power, and of each car and battery what it does, why, what would change it."""

from collections.abc import Callable, Mapping

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.plan.axis import TimeAxis
from kwartier.adapters.dashboard.reason import reason_in_words
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.measured_past import MeasuredPast
from kwartier.service.watching.site_timeline import Column, DeviceLine, SiteTimeline

NOTEWORTHY_W = 20.0
BATTERY = "battery_energy_storage_system"


class Inspector:
    """Shows the quarter-hour that is pointed at; a slider is there for who has no pointer."""

    def __init__(self, timeline: SiteTimeline, figures: Figures) -> None:
        self._timeline, self._figures, self._words = timeline, figures, figures.words
        self._axis, self._index = TimeAxis(timeline, figures), timeline.present_index
        self._percent_by_battery: Mapping[str, Column] = {}
        with Tag("section", classes="kw-card kw-inspector", aria_labelledby="kw-step"):
            self._title = Tag("h2", "", "kw-card-title", id="kw-step")
            self.slider = Tag("input", type="range", min="0", max=str(len(timeline.starts) - 1))
            self.slider.classes("kw-slider").props["aria-label"] = self._words("plan.slider")
            self._facts = Tag("dl", classes="kw-facts")
            self._devices = Tag("div", classes="kw-reasons")

    def know(self, past: MeasuredPast) -> None:
        """Show from now on how full batteries were as well."""
        self._percent_by_battery = past.percent_by_battery
        self.show(self._index)

    def show(self, index: int) -> None:
        """Show another quarter-hour."""
        timeline, self._index = self._timeline, index
        self._title.text = self._axis.span(index)
        self.slider.props.update({"value": str(index), "aria-valuetext": self._axis.span(index)})
        self._facts.clear()
        with self._facts:
            self._show_facts(index)
        self._devices.clear()
        with self._devices:
            for device in timeline.devices:
                self._show_device(device, index)

    def _show_facts(self, index: int) -> None:
        timeline, figures, words = self._timeline, self._figures, self._words
        self._fact(words("plan.offtake"), figures.price(timeline.offtake_eur_per_mwh[index]))
        self._fact(words("plan.injection"), figures.price(timeline.injection_eur_per_mwh[index]))
        measured_w = timeline.measured_grid_w[index]
        if measured_w is not None:
            self._fact(words("plan.grid_measured"), figures.power(measured_w))
        self._fact(words("plan.grid_planned"), figures.power(timeline.planned_grid_w[index]))

    def _fact(self, name: str, value: str) -> None:
        Tag("dt", name)
        Tag("dd", value)

    def _show_device(self, device: DeviceLine, index: int) -> None:
        said = self._timeline.reasons.get(device.name, ())
        sentence = said[index] if index < len(said) else ""
        planned_w, measured_w = device.planned_w[index], device.measured_w[index]
        is_active = any(abs(power_w) > NOTEWORTHY_W for power_w in (planned_w or 0.0, measured_w or 0.0))
        if not sentence and not is_active:
            return
        with Tag("div", classes="kw-reason"):
            with Tag("div", classes="kw-device-head"):
                Tag("h3", device.name, "kw-board-name")
                Tag("span", self._powers(planned_w, measured_w), "kw-reason-power")
            if device.kind == BATTERY:
                self._show_charge(device, index)
            if sentence:
                reason = reason_in_words(sentence, self._words)
                Tag("p", reason.text, "kw-reason-why")
                if reason.change:
                    Tag("p", reason.change, "kw-change")

    def _show_charge(self, battery: DeviceLine, index: int) -> None:
        told, planned = self._percent_by_battery.get(battery.name), battery.planned_percent[index]
        measured = None if told is None else told[index]
        if measured is not None or planned is not None:
            text = self._against(measured, planned, self._figures.percent)
            Tag("p", self._words("now.battery_charge", charge=text), "kw-detail")

    def _powers(self, planned_w: float | None, measured_w: float | None) -> str:
        return self._against(measured_w, planned_w, self._figures.power)

    def _against(
        self, measured: float | None, planned: float | None, write: Callable[[float | None], str]
    ) -> str:
        if measured is None or planned is None:
            return write(planned if measured is None else measured)
        return self._words("plan.against", measured=write(measured), planned=write(planned))
