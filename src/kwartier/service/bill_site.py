"""The bill of a site's connection, from what its meter sent."""

from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo

import numpy as np

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.site.contracts import DynamicContract
from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, QuarterEnergies, quarter_energies
from kwartier.site.timezone import site_timezone
from kwartier.site.tree import electrical_tree
from kwartier.tariffs import Bill, CannotBill, DayAheadPrices, LocalMonth, MeterSeries, bill
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of, step_starts
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

# A rolling mean of twelve months' peaks looks back so far; months before the first measurement have none.
HISTORY_MONTHS = 11

NET_TOPIC = "net energy"
NET_WARNING = (
    "offtake and injection are those of each quarter-hour's net energy, as the meter sends one running total"
)


@dataclass(frozen=True)
class NotBillable:
    """A bill would leave something out that the site pays; every finding says what is missing, and what to do."""

    findings: tuple[Finding, ...]


def bill_site(
    caller: Caller, site_id: str, month: LocalMonth | None, collector: str | None, *, ports: Ports
) -> Bill | UnknownSite | NotPlannable | NotBillable:
    """The bill of a month, None: the running one; of one root collector, None: the only one.

    Quarter-hours come from the measurements of the root's own meter, earlier months of it are the peak history, and the
    running month's bill is provisional. A quarter-hour that is not known whole counts as not measured.
    """
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    root = _root(site, collector)
    if isinstance(root, NotBillable):
        return root
    zone = site_timezone(site)
    now = ports.clock.now()
    asked = month or LocalMonth.of_quarter(int(epoch_s(now)) // QUARTER_S, zone)
    meter = _meter(caller.partner_id, site_id, root, asked, zone, ports)
    try:
        made = bill(site, meter, asked, day_ahead=_day_ahead(caller.partner_id, site, asked, zone, ports))
    except CannotBill as refused:
        return NotBillable(tuple(refused.findings))
    return replace(made, warning_by_topic={**made.warning_by_topic, NET_TOPIC: NET_WARNING})


def _root(site: Site, collector: str | None) -> str | NotBillable:
    configuration = site.configurations.site_configuration
    assert configuration is not None  # noqa: S101  # a plannable site has one
    roots = [root.name for root in electrical_tree(configuration).roots]
    if collector in roots:
        return str(collector)
    if collector is None and len(roots) == 1:
        return roots[0]
    finding = Finding(
        "bill.collector",
        "ERROR",
        "$.collector",
        f"each root collector is a connection of its own: name one of {', '.join(roots)} as `collector`",
        observed=collector,
        allowed=roots,
    )
    return NotBillable((finding,))


def _meter(
    partner_id: str, site_id: str, root: str, month: LocalMonth, zone: tzinfo, ports: Ports
) -> MeterSeries:
    first = month.later(-HISTORY_MONTHS).quarter_indices(zone).start
    end = month.quarter_indices(zone).stop
    margin = timedelta(seconds=LARGEST_GAP_S)
    span = Span(
        epoch_us(from_epoch_s(first * QUARTER_S) - margin),
        epoch_us(from_epoch_s(end * QUARTER_S) + margin),
    )
    readings = ports.measurements.readings(partner_id, site_id, root, span)
    if not len(readings.time_s):
        return MeterSeries.of({}, {})
    known_from_s = max(first * QUARTER_S, float(readings.time_s[0]) // QUARTER_S * QUARTER_S)
    return meter_series(quarter_energies(readings, known_from_s, end * QUARTER_S))


def meter_series(quarters: QuarterEnergies) -> MeterSeries:
    """Net energies of a meter as the offtake and injection of consecutive quarter-hours, in whole mWh."""
    milliwh = np.rint(np.where(quarters.is_known, quarters.energy_wh, 0.0) * 1000.0).astype(np.int64)
    return MeterSeries(
        int(quarters.start_s[0]) // QUARTER_S,
        np.maximum(milliwh, 0),
        np.maximum(-milliwh, 0),
        quarters.is_known,
        quarters.is_known,
    )


def _day_ahead(
    partner_id: str, site: Site, month: LocalMonth, zone: tzinfo, ports: Ports
) -> DayAheadPrices | None:
    contract = site.configurations.contract
    if not isinstance(contract, DynamicContract):
        return None
    indices = month.quarter_indices(zone)
    first = market_day_of(from_epoch_s(indices.start * QUARTER_S))
    last = market_day_of(from_epoch_s(indices.stop * QUARTER_S))
    found = ports.prices.list_days(partner_id, contract.bidding_zone, first, last)
    known = {one.day: one.quarter_hours_eur_per_mwh for one in found}
    prices_eur_per_mwh: list[float | None] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        prices_eur_per_mwh += known.get(day) or (None,) * len(step_starts(day, "PT15M"))
    return DayAheadPrices.of(day_start(first), prices_eur_per_mwh)
