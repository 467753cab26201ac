"""What control saved: the month as it is beside the month with every car charging on arrival."""

from kwartier.adapters.dashboard.figures import Figures
from kwartier.adapters.dashboard.tag import Tag
from kwartier.service.money.month_savings import MonthSavings


def savings_card(figures: Figures, savings: MonthSavings | None) -> None:
    """Two bars to compare, and what the comparison is."""
    words = figures.words
    with Tag("section", classes="kw-card", aria_labelledby="kw-savings"):
        Tag("h2", words("money.savings"), "kw-card-title", id="kw-savings")
        if savings is None:
            Tag("p", words("money.no_savings"), "kw-muted")
            return
        uncontrolled_eur, actual_eur = float(savings.uncontrolled_eur), float(savings.actual_eur)
        most_eur = max(uncontrolled_eur, actual_eur, 0.01)
        _bar(figures, "on_arrival", uncontrolled_eur, most_eur, savings.uncontrolled_peak_w)
        _bar(figures, "controlled", actual_eur, most_eur, savings.actual_peak_w)
        stored = figures.money(float(savings.stored_eur))
        text = words("money.savings_basis", count=savings.session_count, stored=stored)
        Tag("p", text, "kw-change")


def _bar(figures: Figures, key: str, amount_eur: float, most_eur: float, peak_w: float) -> None:
    with Tag("div", classes="kw-compare"):
        with Tag("div", classes="kw-ends"):
            Tag("span", figures.words(f"money.{key}"), "kw-compare-name")
            Tag("span", figures.money(amount_eur), "kw-compare-value")
        with Tag("div", classes="kw-gauge", aria_hidden="true"):
            width_percent = max(0.0, amount_eur / most_eur) * 100.0
            Tag("span", classes=f"kw-fill kw-fill-{key}").style(f"width: {width_percent:.1f}%")
        Tag("p", figures.words("money.peak_of", power=figures.power(peak_w)), "kw-label")
