"""What a bill of one connection is made from: its site, its meter with the months before, its day-ahead prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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
from kwartier.site.metering.readings import Readings
from kwartier.site.timezone import site_timezone
from kwartier.site.tree import electrical_tree
from kwartier.tariffs import DayAheadPrices, LocalMonth, MeterSeries
from kwartier.tariffs.day_ahead.estimate import MEMORY_DAYS, estimated_day_eur_per_mwh
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

# A rolling mean of twelve months' peaks looks back so far; months before the first measurement have none.
HISTORY_MONTHS = 11


@dataclass(frozen=True)
class NotBillable:
    """A bill would leave something out that the site pays; every finding says what is missing, and what to do."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ConnectionMeter:
    """One root collector in one month of the site's clocks, `now` included where it is the running one."""

    partner_id: str
    site: Site
    root: str
    month: LocalMonth
    zone: ZoneInfo
    now: datetime
    meter: MeterSeries
    known_at: datetime | None = None

    @property
    def bidding_zone(self) -> str | None:
        """The market whose prices the contract follows; None for a contract with prices of its own."""
        contract = self.site.configurations.contract
        return contract.bidding_zone if isinstance(contract, DynamicContract) else None


def connection_meter(
    caller: Caller,
    site_id: str,
    month: LocalMonth | None,
    collector: str | None,
    *,
    known_at: datetime | None = None,
    ports: Ports,
) -> ConnectionMeter | UnknownSite | NotPlannable | NotBillable:
    """The connection in a month, None: the running one; of one root collector, None: the only one.

    With `known_at` it is what was known of it at that moment.

    Earlier months of the meter are the peak history. A quarter-hour that is not known whole is not measured.
    """
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    root = _root(site, collector)
    if isinstance(root, NotBillable):
        return root
    zone, now = site_timezone(site), ports.clock.now()
    asked = month or LocalMonth.of_quarter(int(epoch_s(now)) // QUARTER_S, zone)
    span = _span(asked, zone)
    if known_at is None:
        readings = ports.measurements.readings(caller.partner_id, site_id, root, span)
    else:
        readings = ports.measurements.readings_as_known(
            caller.partner_id, site_id, root, span, epoch_us(known_at)
        )
    meter = _meter(readings, asked, zone)
    return ConnectionMeter(caller.partner_id, site, root, asked, zone, now, meter, known_at)


def day_ahead_of_month(connection: ConnectionMeter, zone_name: str, *, ports: Ports) -> DayAheadPrices:
    """The known day-ahead prices of a month, EUR/MWh; a day that is not known is a gap."""
    first, last = _market_days(connection)
    found = ports.prices.list_days(
        connection.partner_id, zone_name, first, last, known_at=connection.known_at
    )
    known = {one.day: one.quarter_hours_eur_per_mwh for one in found}
    return _one_after_the_other(first, [known.get(day) for day in _days(first, last)])


@dataclass(frozen=True)
class CompletedPrices:
    """The day-ahead prices of a whole month, and on how many measured days they are estimated."""

    day_ahead: DayAheadPrices
    estimated_day_count: int


def completed_day_ahead(connection: ConnectionMeter, zone_name: str, *, ports: Ports) -> CompletedPrices:
    """The month's day-ahead prices, those that are not known estimated from like days around; gaps without any day.

    What a month is likely to cost does not wait for a day whose prices never came. A bill does (`day_ahead_of_month`).
    """
    first, last = _market_days(connection)
    since = first - timedelta(days=MEMORY_DAYS)
    found = ports.prices.list_days(connection.partner_id, zone_name, since, last)
    known = {one.day: one.quarter_hours_eur_per_mwh for one in found}
    measured = [day for day in _days(first, last) if _is_measured(connection, day)]
    missing = [day for day in measured if day not in known]
    prices = [known.get(day) or _estimated(day, found) for day in _days(first, last)]
    return CompletedPrices(_one_after_the_other(first, prices), len(missing))


def _is_measured(connection: ConnectionMeter, day: date) -> bool:
    """Whether a meter has known quarter-hours on a market day."""
    first = int(epoch_s(day_start(day))) // QUARTER_S
    part = connection.meter.part(range(first, first + len(step_starts(day, "PT15M"))))
    return bool(part.is_offtake_known.any())


def _estimated(day: date, known: Sequence[PriceDay]) -> tuple[float, ...] | None:
    """The mean of like days before, else of those after it: as for the same weekday some weeks later."""
    for weeks in range(MEMORY_DAYS // 7 + 2):
        later = day + timedelta(weeks=weeks)
        found = estimated_day_eur_per_mwh(later, known)
        if found is not None and len(found) == len(step_starts(day, "PT15M")):
            return found
    return None


def _market_days(connection: ConnectionMeter) -> tuple[date, date]:
    """The first and the last market day that a month touches."""
    indices = connection.month.quarter_indices(connection.zone)
    return (
        market_day_of(from_epoch_s(indices.start * QUARTER_S)),
        market_day_of(from_epoch_s(indices.stop * QUARTER_S)),
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _one_after_the_other(first: date, days: Sequence[tuple[float, ...] | None]) -> DayAheadPrices:
    prices_eur_per_mwh: list[float | None] = []
    for number, told in enumerate(days):
        missing = (None,) * len(step_starts(first + timedelta(days=number), "PT15M"))
        prices_eur_per_mwh += missing if told is None else told
    return DayAheadPrices.of(day_start(first), prices_eur_per_mwh)


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


def _root(site: Site, collector: str | None) -> str | NotBillable:
    configuration = site.planned_configuration
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


def _quarters(month: LocalMonth, zone: ZoneInfo) -> tuple[int, int]:
    """From the first quarter-hour of the peak history up to the end of the month, counted from 1970."""
    return (
        month.later(-HISTORY_MONTHS).quarter_indices(zone).start,
        month.quarter_indices(zone).stop,
    )


def _span(month: LocalMonth, zone: ZoneInfo) -> Span:
    first, end = _quarters(month, zone)
    margin = timedelta(seconds=LARGEST_GAP_S)
    return Span(
        epoch_us(from_epoch_s(first * QUARTER_S) - margin),
        epoch_us(from_epoch_s(end * QUARTER_S) + margin),
    )


def _meter(readings: Readings, month: LocalMonth, zone: ZoneInfo) -> MeterSeries:
    first, end = _quarters(month, zone)
    if not len(readings.time_s):
        return MeterSeries.of({}, {})
    known_from_s = max(first * QUARTER_S, float(readings.time_s[0]) // QUARTER_S * QUARTER_S)
    return meter_series(quarter_energies(readings, known_from_s, end * QUARTER_S))
