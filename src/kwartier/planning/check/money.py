"""What a site's doings cost, term by term, and whether a plan says the same."""

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.grid import optimisation_of
from kwartier.planning.check.outcome import Outcome, offtake_and_injection_w
from kwartier.planning.check.peaks import Peak, peaks
from kwartier.planning.check.prices import EnergyPrices
from kwartier.planning.check.result import Report
from kwartier.planning.check.tolerances import MONEY, PEAK_ROUNDING_KW
from kwartier.planning.plan import Money

TERMS = ("energy", "grid", "levies", "peaks", "revenue", "terminal_value")
WH_PER_MWH = 1e6
WH_PER_KWH = 1e3


def counted_prices(facts: Facts) -> EnergyPrices | None:
    """The energy prices where they count: known, and the site wants its cost minimised."""
    return facts.prices if optimisation_of(facts.request).cost_minimization_active else None


def money_of(facts: Facts, outcome: Outcome) -> Money:
    """The terms of an outcome in EUR, income negative."""
    energy, grid, levies = _energy_eur(facts, outcome)
    peak = sum(peak_eur(term) for term in peaks(facts, outcome.average))
    revenue = _revenue_eur(facts, outcome)
    terminal = _terminal_eur(facts, outcome)
    return Money(
        energy=energy,
        grid=grid,
        levies=levies,
        peaks=peak,
        revenue=revenue,
        terminal_value=terminal,
        total=energy + grid + levies + peak + revenue + terminal,
    )


def peak_eur(peak: Peak) -> float:
    """Cost of one peak term; 0 where it has no known price."""
    return peak.above_floor_kw * (peak.price_eur_per_kw or 0.0)


def _energy_eur(facts: Facts, outcome: Outcome) -> tuple[float, float, float]:
    """What the contract, the grid and the levies ask for the energy."""
    contract, tariff = facts.contract_prices, facts.tariff
    if contract is None or counted_prices(facts) is None:
        return 0.0, 0.0, 0.0
    offtake_w, injection_w = offtake_and_injection_w(facts, outcome.average)
    offtake_mwh, injection_mwh = (facts.grid.hours * w / WH_PER_MWH for w in (offtake_w, injection_w))
    energy = contract.offtake_eur_per_mwh * offtake_mwh - contract.injection_eur_per_mwh * injection_mwh
    grid = tariff.grid_offtake_eur_per_mwh * offtake_mwh + tariff.grid_injection_eur_per_mwh * injection_mwh
    levies = tariff.levies_eur_per_mwh * offtake_mwh
    return float(np.sum(energy)), float(np.sum(grid)), float(np.sum(levies))


def _revenue_eur(facts: Facts, outcome: Outcome) -> float:
    setting = facts.request.site.configurations.revenue
    rate = None if setting is None else setting.revenue_per_kwh_ac_charged
    if rate is None:
        return 0.0
    pairs = zip(facts.sessions, outcome.charged_wh, strict=True)
    counted_wh = sum(min(charged, session.owed_wh) for session, charged in pairs if session.alternating)
    return -rate * counted_wh / WH_PER_KWH


def _terminal_eur(facts: Facts, outcome: Outcome) -> float:
    prices = counted_prices(facts)
    if prices is None:
        return 0.0
    batteries = facts.devices.batteries
    useful_wh = sum(
        batteries[name].discharging_efficiency * stored for name, stored in outcome.stored_wh.items()
    )
    pairs = zip(facts.sessions, outcome.charged_wh, strict=True)
    useful_wh += sum(max(0.0, charged - session.owed_wh) for session, charged in pairs)
    return -float(np.median(prices.offtake_eur_per_mwh)) * useful_wh / WH_PER_MWH


def check_money(
    rule: str, words: str, said: Money, counted: Money, peak_rates_eur_per_kw: float, report: Report
) -> None:
    """Report every term that is not what was recomputed.

    `peak_rates_eur_per_kw` is the sum of the prices of all peak terms: what the plan's rounding is multiplied with.
    """
    largest = max(abs(getattr(counted, term)) for term in TERMS)
    for term in (*TERMS, "total"):
        observed, expected = getattr(said, term), getattr(counted, term)
        scale = largest if term == "total" else abs(expected)
        margin = max(MONEY.absolute_number, MONEY.relative_ratio * scale)
        if term in ("peaks", "total"):
            margin += peak_rates_eur_per_kw * PEAK_ROUNDING_KW
        if abs(observed - expected) > margin:
            text = f"{words}, {term}: the plan says {observed:.9g} EUR, recomputed {expected:.9g} EUR"
            report.add(f"{rule}.{term}", f"{rule}.{term}", text, observed=observed, allowed=expected)
