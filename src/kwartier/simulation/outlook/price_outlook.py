"""The market's prices in the coming days: those that are known, then an estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kwartier.planning.request import DayAhead
from kwartier.simulation.observation import Observation
from kwartier.tariffs.day_ahead.horizon import horizon_prices
from kwartier.tariffs.day_ahead.market_day import market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.quarter_hour import from_epoch_s

# A plan looks three days ahead at most; a day more, and the same prices serve all plans of a day.
LONGEST = timedelta(days=4)


@dataclass
class PriceOutlook:
    """Prices of a site's market; with `truth` all of them are known."""

    truth: Sequence[PriceDay] | None = None
    _made_for: tuple[object, ...] = ()
    _made: DayAhead | None = None

    def day_ahead(self, seen: Observation) -> DayAhead | None:
        """The prices as a plan request holds them; None where no day is known."""
        known = seen.price_days if self.truth is None else self.truth
        if not known:
            return None
        at = from_epoch_s(seen.at_s)
        made_for = (market_day_of(at), len(known))
        if made_for != self._made_for:
            prices = horizon_prices(at, at + LONGEST, known)
            self._made_for = made_for
            self._made = DayAhead.model_construct(
                start=prices.start,
                resolution="PT15M",
                eur_per_mwh=list(prices.eur_per_mwh),
                estimated_from=prices.estimated_from,
            )
        return self._made
