"""Which colour is what in the chart of power: only what is drawn."""

from kwartier.adapters.dashboard import colours
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_timeline import SiteTimeline

POLES = frozenset({"charging_pole_3phase", "dc_charging_pole"})


def legend(timeline: SiteTimeline, figures: Figures) -> None:
    """One line of names."""
    words, kinds = figures.words, {(one.kind, one.forecast_type) for one in timeline.devices}
    with Tag("ul", classes="kw-legend"):
        _entry(words("plan.grid_measured"), "var(--kw-ink)", "line")
        _entry(words("plan.grid_planned"), "var(--kw-ink)", "dashed")
        if ("forecasted_series_3phase", "load") in kinds:
            _entry(words("now.building"), colours.LOAD)
        if ("forecasted_series_3phase", "pv") in kinds:
            _entry(words("now.sun"), colours.PV)
        if any(kind in POLES for kind, _ in kinds):
            _entry(words("now.cars"), f"linear-gradient(90deg, {', '.join(colours.POLES[:6])})")
        if ("battery_energy_storage_system", None) in kinds:
            _entry(words("now.battery"), colours.BATTERY)


def _entry(text: str, colour: str, form: str = "area") -> None:
    with Tag("li"):
        Tag("span", classes=f"kw-swatch kw-swatch-{form}", aria_hidden="true").style(f"--colour: {colour}")
        Tag("span", text)
