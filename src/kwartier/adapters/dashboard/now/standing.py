"""In one line: what the devices follow, of when the plan is, and when something was heard last."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import SiteNow

TONE_BY_RUNG = {
    "optimal": "good",
    "feasible": "good",
    "last_safe": "warn",
    "share": "warn",
    "floor": "warn",
    "stop": "bad",
}


class StandingLine:
    """The line under the site's name."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        with Tag("p", classes="kw-standing"):
            self._rung = Tag("span", "", "kw-chip")
            self._rest = Tag("span", "", "kw-muted")

    def show(self, now: SiteNow) -> None:
        """Show another look."""
        words, figures = self._figures.words, self._figures
        rung = now.rung or "none"
        self._rung.text = words(f"now.rung_{rung}")
        self._rung.classes(replace=f"kw-chip kw-tone-{TONE_BY_RUNG.get(rung, 'none')}")
        plan = (
            words("now.no_plan")
            if now.planned_at is None
            else words("now.planned_at", time=figures.day_clock(now.planned_at, now.at))
        )
        heard = now.measured_at
        reading = (
            words("now.never_measured")
            if heard is None
            else words("now.measured_at", time=f"{heard.astimezone(figures.zone):%H:%M:%S}")
        )
        self._rest.text = f"{plan} · {reading}"
