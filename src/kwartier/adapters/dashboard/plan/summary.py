"""What the plan comes to: its cost, what it saves, its highest quarter-hour, its cars."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.tile import Tile
from kwartier.service.watching.site_timeline import SiteTimeline
from kwartier.units.quarter_hour import QUARTER_H

POLES = frozenset({"charging_pole_3phase", "dc_charging_pole"})


def summary(timeline: SiteTimeline, figures: Figures) -> None:
    """The tiles."""
    words, money, uncontrolled = figures.words, timeline.money, timeline.uncontrolled_money
    with Tag("div", classes="kw-tiles"):
        Tile(words("plan.cost")).show(
            figures.money(money.total), words("plan.uncontrolled", amount=figures.money(uncontrolled.total))
        )
        Tile(words("plan.saving")).show(
            figures.money(uncontrolled.total - money.total), words("plan.saving_detail")
        )
        _peak(timeline, figures)
        Tile(words("plan.charged")).show(figures.energy(_charged_wh(timeline)), words("plan.charged_detail"))
        short = words("plan.nothing_short") if timeline.short_wh < 1.0 else words("plan.something_short")
        Tile(words("plan.short")).show(figures.energy(timeline.short_wh), short)


def _peak(timeline: SiteTimeline, figures: Figures) -> None:
    ahead = list(enumerate(timeline.planned_grid_w))[timeline.present_index :]
    known = [(power_w, index) for index, power_w in ahead if power_w is not None]
    tile = Tile(figures.words("plan.peak"))
    if known:
        power_w, index = max(known)
        tile.show(figures.power(power_w), figures.day_clock(timeline.starts[index], timeline.at))
    else:
        tile.show(figures.power(None))


def _charged_wh(timeline: SiteTimeline) -> float:
    """What the plan gives to cars from now on."""
    return sum(
        power_w * QUARTER_H
        for device in timeline.devices
        if device.kind in POLES
        for power_w in device.planned_w[timeline.present_index :]
        if power_w is not None
    )
