"""What a site's row in the list of all sites takes longer to know: its data's age, today's cost, its peaks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from kwartier.service.asset_quarters import AssetOfSite, asset_quarters
from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.quarter_prices import quarter_prices
from kwartier.site.document import Site
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.timezone import site_timezone
from kwartier.site.tree import electrical_tree
from kwartier.units.quarter_hour import QUARTER_H, epoch_s, from_epoch_s


@dataclass(frozen=True)
class SiteFigures:
    """When its assets said something last; the energy that has cost so much today, EUR; the highest quarter-hours, W.

    None is what nobody knows: no measurement, no contract, no meter at the connection.
    """

    measured_at: datetime | None
    cost_today_eur: float | None
    month_peak_w: float | None
    last_month_peak_w: float | None


def site_figures(caller: Caller, site_id: str, *, ports: Ports) -> SiteFigures | UnknownSite:
    """The figures now. The cost is that of the whole quarter-hours of today that are known; peaks and fees apart."""
    assets = ports.measurements.list_assets(caller.partner_id, site_id)
    measured_us = max((one.last_measured_us for one in assets), default=None)
    measured_at = None if measured_us is None else from_epoch_s(measured_us / 1e6)
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if isinstance(site, UnknownSite):
        return site
    if isinstance(site, NotPlannable):
        return SiteFigures(measured_at, None, None, None)
    return _with_energy(caller.partner_id, site, measured_at, ports)


def _with_energy(partner_id: str, site: Site, measured_at: datetime | None, ports: Ports) -> SiteFigures:
    now, zone = ports.clock.now(), site_timezone(site)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    net_wh = _net_wh(partner_id, site, last_month, now, ports)
    if net_wh is None:
        return SiteFigures(measured_at, None, None, None)
    start_s, known = net_wh.start_s, net_wh.is_known
    in_month, in_day = start_s >= epoch_s(month), start_s >= epoch_s(today)
    return SiteFigures(
        measured_at,
        _cost_eur(partner_id, site, start_s[in_day & known], net_wh.energy_wh[in_day & known], ports),
        _peak_w(net_wh.energy_wh[in_month & known]),
        _peak_w(net_wh.energy_wh[~in_month & known]),
    )


def _net_wh(
    partner_id: str, site: Site, since: datetime, now: datetime, ports: Ports
) -> QuarterEnergies | None:
    """What flowed at the only connection; None where there are several, or it has no meter."""
    configuration = site.planned_configuration
    roots = electrical_tree(configuration).roots
    if len(roots) != 1:
        return None
    root = roots[0].name
    asset = AssetOfSite(partner_id, site.site_id, root, asset_rating_w(site, root))
    found = asset_quarters(
        asset,
        epoch_s(since),
        epoch_s(now),
        read=ports.measurements.readings,
        memory=ports.quarter_memory,
    )
    return found if found.is_known.any() else None


def _cost_eur(
    partner_id: str,
    site: Site,
    start_s: np.ndarray[tuple[int], np.dtype[np.float64]],
    energy_wh: np.ndarray[tuple[int], np.dtype[np.float64]],
    ports: Ports,
) -> float | None:
    """Offtake at its price less injection at its own; None without a contract, or where prices are not known."""
    table = quarter_prices(partner_id, site, start_s, prices=ports.prices)
    if table is None:
        return None
    offtake_eur = np.maximum(energy_wh, 0.0) * table.offtake_eur_per_mwh
    injection_eur = np.maximum(-energy_wh, 0.0) * table.injection_eur_per_mwh
    total_eur = float((offtake_eur - injection_eur).sum()) / 1e6
    return None if np.isnan(total_eur) else total_eur


def _peak_w(energy_wh: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    return max(0.0, float(energy_wh.max())) / QUARTER_H if len(energy_wh) else None
