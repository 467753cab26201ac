"""The bill line by line: so far, and to the month's end."""

from itertools import groupby

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.money.bill_words import group_name, group_rank, line_name, quantity_text
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.read_money import MoneyOutlook
from kwartier.tariffs import Bill
from kwartier.tariffs.billing import BillLine

HEADS = ("line", "quantity", "so_far", "to_end")


def bill_table(figures: Figures, outlook: MoneyOutlook) -> None:
    """The table of the bill, and what to know before one trusts it."""
    words = figures.words
    whole = None if outlook.forecast is None else outlook.forecast.bill
    coming = {} if whole is None else {one.component: one for one in whole.lines}
    with Tag("section", classes="kw-card kw-bill", aria_labelledby="kw-bill"):
        Tag("h2", words("money.bill"), "kw-card-title", id="kw-bill")
        box = Tag("div", classes="kw-scroll", role="region", aria_label=words("money.bill"), tabindex="0")
        with box, Tag("table", classes="kw-sheet kw-plain"):
            with Tag("thead"), Tag("tr"):
                for index, head in enumerate(HEADS):
                    Tag("th", words(f"money.head_{head}"), _head_classes(index), scope="col")
            _groups(figures, outlook.bill, coming)
            _totals(figures, outlook.bill, whole)
        _warnings(figures, outlook.bill)


def _head_classes(index: int) -> str:
    return " ".join(("kw-number" if index else "", "kw-wide" if index == 1 else "")).strip()


def _groups(figures: Figures, bill: Bill, coming: dict[str, BillLine]) -> None:
    ordered = sorted(bill.lines, key=lambda line: group_rank(line.group))
    for group, held in groupby(ordered, key=lambda line: line.group):
        lines = list(held)
        with Tag("tbody"):
            with Tag("tr", classes="kw-group"):
                Tag("th", group_name(group, figures.words), scope="rowgroup")
                Tag("td", classes="kw-wide")
                Tag("td", figures.money(float(sum(one.amount_eur for one in lines))), "kw-number")
                ends = [coming[one.component].amount_eur for one in lines if one.component in coming]
                Tag("td", figures.money(float(sum(ends)) if ends else None), "kw-number")
            for line in lines:
                _line(figures, line, coming.get(line.component))


def _line(figures: Figures, line: BillLine, whole: BillLine | None) -> None:
    with Tag("tr", title=str(line.source)):
        Tag("th", line_name(line.component, figures.words), scope="row")
        Tag("td", quantity_text(line, figures), "kw-number kw-muted kw-wide")
        Tag("td", figures.money(float(line.amount_eur)), "kw-number")
        Tag("td", figures.money(None if whole is None else float(whole.amount_eur)), "kw-number")


def _totals(figures: Figures, bill: Bill, whole: Bill | None) -> None:
    rows = (
        ("without_vat", bill.total_excl_vat_eur, None if whole is None else whole.total_excl_vat_eur),
        ("vat", bill.vat_eur, None if whole is None else whole.vat_eur),
        ("total", bill.total_eur, None if whole is None else whole.total_eur),
    )
    with Tag("tfoot"):
        for name, so_far, to_end in rows:
            with Tag("tr", classes=f"kw-sum kw-sum-{name}"):
                Tag("th", figures.words(f"money.{name}"), scope="row")
                Tag("td", classes="kw-wide")
                Tag("td", figures.money(float(so_far)), "kw-number")
                Tag("td", figures.money(None if to_end is None else float(to_end)), "kw-number")


def _warnings(figures: Figures, bill: Bill) -> None:
    if not bill.warnings:
        return
    with Tag("details", classes="kw-notes"):
        Tag("summary", figures.words("money.notes", count=len(bill.warnings)))
        with Tag("ul"):
            for text in bill.warnings:
                Tag("li", text)
