"""Which asset sends what, and how old it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.commissioning.asset_report import AssetReport
from kwartier.service.received_data import IN_TIME, LATE

# What needs somebody comes first, what is not needed last.
TONES = ("bad", "warn", "good", "plain")
HEADS = ("asset", "state", "age", "interval", "power", "sends")


class AssetTable:
    """A row for each asset; what is late stands out, and what stands in no configuration too."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._words = figures, figures.words
        with Tag("section", classes="kw-card", aria_labelledby="kw-assets"):
            Tag("h2", self._words("commissioning.assets"), "kw-card-title", id="kw-assets")
            box = Tag("div", classes="kw-scroll", role="region", aria_labelledby="kw-assets", tabindex="0")
            with box, Tag("table", classes="kw-sheet kw-plain kw-assets"):
                with Tag("thead"), Tag("tr"):
                    for index, head in enumerate(HEADS):
                        is_number = 1 < index < 5
                        text = self._words(f"commissioning.head_{head}")
                        Tag("th", text, "kw-number" if is_number else "", scope="col")
                self._body = Tag("tbody")

    def show(self, assets: Sequence[AssetReport], now: datetime) -> None:
        """Show another look."""
        self._body.clear()
        with self._body:
            for one in sorted(assets, key=lambda one: TONES.index(self._state(one, _age(one, now))[0])):
                self._row(one, now)

    def _row(self, one: AssetReport, now: datetime) -> None:
        figures, last = self._figures, one.last
        age = _age(one, now)
        tone, state = self._state(one, age)
        with Tag("tr"):
            with Tag("th", scope="row"):
                Tag("strong", one.name)
                Tag("span", self._kind(one), "kw-fact-detail")
            with Tag("td"):
                Tag("span", state, f"kw-chip kw-tone-{tone}")
            Tag("td", figures.age(age), "kw-number")
            interval = None if one.interval_s is None else timedelta(seconds=one.interval_s)
            Tag("td", figures.age(interval), "kw-number")
            Tag("td", figures.power(None if last is None else last.power_w), "kw-number")
            Tag("td", self._sends(one))

    def _kind(self, one: AssetReport) -> str:
        if one.role == "unknown":
            return self._words("commissioning.unknown")
        if one.role == "collector":
            return self._words("commissioning.board")
        return self._words.text_by_key.get(f"device_kind.{one.kind}", one.kind)

    def _state(self, one: AssetReport, age: timedelta | None) -> tuple[str, str]:
        if age is None:
            return ("bad", self._words("commissioning.silent")) if one.must_send else self._calm()
        if age <= IN_TIME:
            return "good", self._words("commissioning.in_time")
        if not one.must_send:
            return self._calm()
        return "warn" if age <= LATE else "bad", self._words("commissioning.late")

    def _calm(self) -> tuple[str, str]:
        return "plain", self._words("commissioning.not_needed")

    def _sends(self, one: AssetReport) -> str:
        last = one.last
        if last is None:
            return ""
        parts = [self._words("commissioning.sends_power")]
        if last.charge_percent is not None:
            charge = self._figures.percent(last.charge_percent)
            parts.append(self._words("commissioning.sends_charge", charge=charge))
        if last.pins:
            parts.append(", ".join(last.pins))
        return " · ".join(parts)


def _age(one: AssetReport, now: datetime) -> timedelta | None:
    return None if one.last is None else now - one.last.measured_at
