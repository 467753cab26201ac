"""What a kWh cost in quarter-hours that are over, or is known to cost: contract, grid and levies, without VAT."""

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from kwartier.service.ports.price_store import PriceStore
from kwartier.site.contracts import DynamicContract
from kwartier.site.document import Site
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.contracts import PriceTable, contract_prices
from kwartier.tariffs.day_ahead.market_day import market_day_of, step_starts
from kwartier.tariffs.marginal import Memory, marginal_view, tariff_of
from kwartier.units.quarter_hour import epoch_s, from_epoch_s

FloatArray = npt.NDArray[np.float64]


def quarter_prices(
    partner_id: str, site: Site, start_s: FloatArray, *, prices: PriceStore
) -> PriceTable | None:
    """EUR/MWh of each quarter-hour that starts at `start_s` (epoch seconds, rising, shape (n,)).

    NaN where the day-ahead price is not known; None for a site without a contract. Peaks have no part in it: what one
    costs belongs to the month, not to a kWh.
    """
    contract, dso = site.configurations.contract, site.configurations.dso
    if contract is None or not len(start_s):
        return None
    zone = site_timezone(site)
    day_ahead = None
    if isinstance(contract, DynamicContract):
        day_ahead = _day_ahead_eur_per_mwh(partner_id, contract.bidding_zone, start_s, prices)
    table = contract_prices(contract, start_s, day_ahead, dso, zone)
    if dso is None:
        return table
    view = marginal_view(tariff_of(dso), start_s.astype(np.int64), zone, Memory())
    return PriceTable(
        table.offtake_eur_per_mwh
        + view.price_eur_per_mwh("grid", "offtake")
        + view.price_eur_per_mwh("levies", "offtake"),
        table.injection_eur_per_mwh - view.price_eur_per_mwh("grid", "injection"),
    )


def _day_ahead_eur_per_mwh(
    partner_id: str, bidding_zone: str, start_s: FloatArray, prices: PriceStore
) -> FloatArray:
    first = market_day_of(from_epoch_s(float(start_s[0])))
    last = market_day_of(from_epoch_s(float(start_s[-1])) + timedelta(days=1))
    by_start_s: dict[float, float] = {}
    for day in prices.list_days(partner_id, bidding_zone, first, last):
        starts = map(epoch_s, step_starts(day.day, "PT15M"))
        by_start_s |= zip(starts, day.quarter_hours_eur_per_mwh, strict=True)
    return np.array([by_start_s.get(float(one), np.nan) for one in start_s])
