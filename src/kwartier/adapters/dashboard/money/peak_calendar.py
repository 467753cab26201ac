"""The highest quarter-hour of each day, on a calendar."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.money.daily_peaks import DailyPeak
from kwartier.tariffs import LocalMonth


def peak_calendar(figures: Figures, month: LocalMonth, peaks: Sequence[DailyPeak]) -> None:
    """A month from Monday to Sunday; the deeper a day's colour, the nearer it came to the month's peak."""
    words = figures.words
    by_day = {one.day: one for one in peaks}
    most = max(peaks, key=lambda one: one.power_w, default=None)
    with Tag("section", classes="kw-card", aria_labelledby="kw-peaks"):
        Tag("h2", words("money.peaks"), "kw-card-title", id="kw-peaks")
        with Tag("table", classes="kw-calendar"):
            with Tag("thead"), Tag("tr"):
                for number in range(7):
                    Tag("th", words(f"day.{number}"), scope="col")
            with Tag("tbody"):
                for week in Calendar().monthdatescalendar(month.year, month.month):
                    with Tag("tr"):
                        for day in week:
                            _day(figures, day if day.month == month.month else None, by_day.get(day), most)
        Tag("p", words("money.peaks_meaning"), "kw-change")


def _day(figures: Figures, day: date | None, peak: DailyPeak | None, most: DailyPeak | None) -> None:
    if day is None:
        Tag("td")
        return
    with Tag("td", classes="kw-day") as cell:
        Tag("span", str(day.day), "kw-day-number")
        if peak is None or most is None:
            return
        Tag("span", figures.number(peak.power_w / 1000.0), "kw-day-peak")
        share = peak.power_w / most.power_w if most.power_w > 0.0 else 0.0
        cell.style(f"--share: {share * 100.0:.0f}%")
        cell.classes("kw-day-known" + (" kw-day-most" if peak == most else ""))
        cell.props["title"] = f"{figures.power(peak.power_w)}, {figures.clock(peak.start)}"
