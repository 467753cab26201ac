"""What is wrong at the site, worst first; said aloud when it changes."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.watching.site_now import Alarm, SiteNow


class AlarmList:
    """The alarms, or that there are none."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._shown: tuple[Alarm, ...] | None = None
        label = figures.words("alarm.title")
        self._list = Tag("div", classes="kw-alarms", role="status", aria_label=label)

    def show(self, now: SiteNow) -> None:
        """Show another look; only what has changed is built anew."""
        if now.alarms == self._shown:
            return
        self._shown = now.alarms
        self._list.clear()
        with self._list:
            for alarm in now.alarms:
                self._alarm(alarm)
            if not now.alarms:
                Tag("p", self._figures.words("alarm.none"), "kw-calm")

    def _alarm(self, alarm: Alarm) -> None:
        with Tag("div", classes="kw-alarm kw-alarm-severe" if alarm.is_severe else "kw-alarm"):
            Tag("span", self._figures.words(f"alarm.{alarm.kind}", **alarm.content))
            if alarm.since is not None:
                Tag("span", self._figures.clock(alarm.since), "kw-muted")
