"""The month under other contracts and connections, when somebody asks for it."""

from collections.abc import Awaitable, Callable

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.compare_tariffs import Alternative, TariffComparison

Compare = Callable[[], Awaitable[TariffComparison | None]]
HEADS = ("tariff", "from", "month", "difference")


class ComparisonCard:
    """A button, and then the table: the cheapest first."""

    def __init__(self, figures: Figures, compare: Compare) -> None:
        self._figures, self._words, self._compare = figures, figures.words, compare
        with Tag("section", classes="kw-card kw-bill", aria_labelledby="kw-compare"):
            Tag("h2", self._words("money.compare"), "kw-card-title", id="kw-compare")
            Tag("p", self._words("money.compare_meaning"), "kw-change")
            self._button = Tag("button", self._words("money.compare_now"), "kw-button", type="button")
            self._button.on("click", self._run)
            self._place = Tag("div", aria_live="polite")

    async def _run(self) -> None:
        self._button.text = self._words("money.comparing")
        self._button.props["disabled"] = True
        found = await self._compare()
        self._button.set_visibility(False)
        with self._place:
            if found is None:
                Tag("p", self._words("money.no_comparison"), "kw-muted")
            else:
                self._show(found)

    def _show(self, comparison: TariffComparison) -> None:
        billed = [(one, float(one.bill.total_eur)) for one in comparison.alternatives if one.bill is not None]
        own_eur = float(comparison.own.bill.total_eur) if comparison.own.bill is not None else 0.0
        rows = sorted([(comparison.own, own_eur), *billed], key=lambda pair: pair[1])
        box = Tag("div", classes="kw-scroll", role="region", aria_labelledby="kw-compare", tabindex="0")
        with box, Tag("table", classes="kw-sheet kw-plain"):
            with Tag("thead"), Tag("tr"):
                for index, head in enumerate(HEADS):
                    Tag(
                        "th", self._words(f"money.head_{head}"), "kw-number" if index > 1 else "", scope="col"
                    )
            with Tag("tbody"):
                for one, total_eur in rows:
                    self._row(one, total_eur, total_eur - own_eur)
        refused = [one for one in comparison.alternatives if one.bill is None]
        if refused:
            Tag(
                "p",
                self._words("money.not_compared", count=len(refused), why=refused[0].why_not),
                "kw-change",
            )

    def _row(self, one: Alternative, total_eur: float, more_eur: float) -> None:
        is_own = one.kind == "own"
        with Tag("tr", classes="kw-own" if is_own else ""):
            Tag("th", self._words("money.own") if is_own else one.name, scope="row")
            Tag("td", one.detail, "kw-muted")
            Tag("td", self._figures.money(total_eur), "kw-number")
            text = "" if is_own else ("+" if more_eur > 0 else "") + self._figures.money(more_eur)
            Tag("td", text, "kw-number " + ("kw-good" if more_eur < 0 else ""))
