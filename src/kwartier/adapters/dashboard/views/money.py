"""This month's money: the bill so far and to its end, what control saved, its peaks, and other tariffs."""

from datetime import datetime
from urllib.parse import quote

from nicegui import ui

from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.money.bill_table import bill_table
from kwartier.adapters.dashboard.money.comparison_card import ComparisonCard
from kwartier.adapters.dashboard.money.peak_calendar import peak_calendar
from kwartier.adapters.dashboard.money.savings_card import savings_card
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.tile import Tile
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.compare_tariffs import TariffComparison, compare_tariffs
from kwartier.service.money.connection_meter import NotBillable
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.read_money import MoneyOutlook, read_money
from kwartier.service.site_record import SiteRecord
from kwartier.site.document import Site
from kwartier.site.rules import site_errors
from kwartier.site.timezone import site_timezone
from kwartier.site.tree import electrical_tree

# A bill changes with each quarter-hour, and a year of readings takes a second to add up.
LOOK_S, COMPARISON_LOOK_S = 60.0, 900.0


async def show(viewer: Viewer, record: SiteRecord) -> None:
    """Build the page for the first connection of the site; with several one can be chosen."""
    roots = _roots(record.site)
    asked = ui.context.client.request.query_params.get("collector")
    root = asked if asked in roots else next(iter(roots), None)
    address = VIEW.path_of(record.site_id)
    with Tag("div", classes="kw-head"):
        Tag("h1", viewer.words("view.money"), "kw-title")
        if root is not None and len(roots) > 1:
            Tag("span", classes="kw-space")
            names = {name: name for name in roots}
            label = viewer.words("money.connection")
            choice(label, names, root, lambda name: ui.navigate.to(f"{address}?collector={quote(name)}"))
    await _connection(viewer, record, root)


async def _connection(viewer: Viewer, record: SiteRecord, root: str | None) -> None:
    key = ("money", viewer.caller.partner_id, record.site_id, root)
    outlook = await viewer.works.looks.at(
        key, LOOK_S, lambda: read_money(viewer.caller, record.site_id, root, ports=viewer.ports)
    )
    figures = Figures(viewer.words, site_timezone(record.site))
    match outlook:
        case MoneyOutlook():
            _show(viewer, record, figures, outlook)
        case NotBillable(findings) | NotPlannable(findings):
            Tag("p", viewer.words("money.not_billable"), "kw-alert")
            with Tag("ul", classes="kw-reasons"):
                for finding in findings:
                    Tag("li", finding.message)
        case _:
            Tag("p", viewer.words("frame.unknown_site"), "kw-alert")


def _show(viewer: Viewer, record: SiteRecord, figures: Figures, outlook: MoneyOutlook) -> None:
    _tiles(figures, outlook)
    if outlook.estimated_day_count:
        text = figures.words("money.estimated", count=outlook.estimated_day_count)
        Tag("p", text, "kw-alarm kw-estimated")
    with Tag("div", classes="kw-columns"):
        with Tag("div", classes="kw-stack"):
            bill_table(figures, outlook)
        with Tag("div", classes="kw-stack"):
            savings_card(figures, outlook.savings)
            peak_calendar(figures, outlook.month, outlook.peaks)

    async def compare() -> TariffComparison | None:
        key = ("comparison", viewer.caller.partner_id, record.site_id, outlook.collector)
        found = await viewer.works.looks.at(
            key,
            COMPARISON_LOOK_S,
            lambda: compare_tariffs(
                viewer.caller, record.site_id, outlook.month, outlook.collector, ports=viewer.ports
            ),
        )
        return found if isinstance(found, TariffComparison) else None

    ComparisonCard(figures, compare)


def _tiles(figures: Figures, outlook: MoneyOutlook) -> None:
    words, forecast, savings = figures.words, outlook.forecast, outlook.savings
    with Tag("div", classes="kw-tiles"):
        so_far = Tile(words("money.so_far"))
        to_end = Tile(words("money.to_end"))
        saved = Tile(words("money.saved"))
        peak = Tile(words("money.peak"))
    so_far.show(figures.money(float(outlook.bill.total_eur)), words("money.with_vat"))
    to_end.show(
        figures.money(None if forecast is None else float(forecast.bill.total_eur)), words("money.with_vat")
    )
    if savings is None:
        saved.show(figures.money(None))
    else:
        share = float(savings.saved_eur) / max(0.01, float(savings.uncontrolled_eur)) * 100.0
        saved.show(
            figures.money(float(savings.saved_eur)), words("money.saved_share", share=figures.percent(share))
        )
    highest = max(outlook.peaks, key=lambda one: one.power_w, default=None)
    if highest is None:
        peak.show(figures.power(None))
    else:
        when = _day_of_month(highest.start, figures)
        peak.show(
            figures.power(highest.power_w),
            words("money.peak_at", day=when, time=figures.clock(highest.start)),
        )


def _day_of_month(moment: datetime, figures: Figures) -> str:
    return f"{figures.weekday(moment)} {moment.astimezone(figures.zone).day}"


def _roots(site: Site) -> list[str]:
    configuration = site.configurations.site_configuration
    if configuration is None or site_errors(site):
        return []
    return [root.name for root in electrical_tree(configuration).roots]


VIEW = SiteView("money", "/money", show)
