"""Gather what is stored about a site for a plan."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from kwartier.forecasting.charging_session import PastSession
from kwartier.planning.request import PlanOptions
from kwartier.service.asset_quarters import AssetOfSite, asset_quarters
from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.ingest_measurements import MOST_AHEAD
from kwartier.service.measurement_row import epoch_us
from kwartier.service.phase_shares import phase_shares
from kwartier.service.plan_assembly.facts import SiteFacts, ToldCharge, history_start
from kwartier.service.plan_assembly.measured_series import assets_looked_at
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import MeasuredAsset, Span
from kwartier.service.ports.transaction_store import TransactionKey
from kwartier.service.session_override import SessionKey
from kwartier.site.contracts import DynamicContract
from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.timezone import site_timezone
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import TransactionHistory
from kwartier.tariffs.day_ahead.estimate import MEMORY_DAYS
from kwartier.tariffs.day_ahead.market_day import market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import epoch_s, from_epoch_s

# Half of what a session tells is gone after 60 days (forecasting/session_forecast.py); more costs more to read.
SESSION_MEMORY = timedelta(days=56)
PAGE_COUNT = 1_000
# A day has every hour once; meters that speak every minute fill it, of those that speak more the first hours count.
SHARES_MEMORY, SHARES_ROWS_COUNT = timedelta(days=1), 1_500
# Prices are published a day ahead; horizons reach three days.
AHEAD_DAYS = 4
# A plan's moment is cut to its second; what became known in that second is known.
CUT_OFF = timedelta(seconds=1)


def gather_site_facts(
    partner_id: str, site: Site, at: datetime, options: PlanOptions, *, ports: Ports
) -> SiteFacts:
    """The facts at a moment; the site must have a site configuration without ERROR findings."""
    configuration = site.planned_configuration
    assets = ports.measurements.list_assets(partner_id, site.site_id)
    running = _running(partner_id, site.site_id, ports)
    sessions = {SessionKey(one.asset_id, one.transaction_id) for one in running}
    return SiteFacts(
        site=site,
        at=at,
        charges=_charges(partner_id, site.site_id, configuration, at, ports),
        quarters=_quarters(partner_id, site, configuration, assets, at, ports),
        transactions=running,
        past_sessions=_past_sessions(partner_id, site.site_id, at, ports),
        price_days=_price_days(partner_id, site, at, ports),
        options=options,
        operator_limits=ports.operator_limits.get(partner_id, site.site_id),
        shares_by_series=_shares(partner_id, site.site_id, configuration, at, ports),
        overrides=ports.session_overrides.latest_of(partner_id, site.site_id, sessions),
        month_floor=ports.month_floors.get(partner_id, site.site_id),
    )


def _charges(
    partner_id: str, site_id: str, configuration: SiteConfiguration, at: datetime, ports: Ports
) -> dict[str, ToldCharge]:
    """The latest state of charge of each battery that has told one."""
    ever = Span(0, epoch_us(at + MOST_AHEAD))
    found = {}
    for device in configuration.device_list:
        if not isinstance(device, BatteryEnergyStorageSystem):
            continue
        charged_us = ports.measurements.last_charged_us(partner_id, site_id, device.name, ever)
        if charged_us is None:
            continue
        moment = Span(charged_us, charged_us + 1)
        for stored in ports.measurements.list_after(partner_id, site_id, device.name, moment, None, 1):
            if stored.row.charge_percent is not None:
                told_at = from_epoch_s(stored.row.measured_us / 1e6)
                found[device.name] = ToldCharge(stored.row.charge_percent, told_at)
    return found


def _quarters(
    partner_id: str,
    site: Site,
    configuration: SiteConfiguration,
    assets: Iterable[MeasuredAsset],
    at: datetime,
    ports: Ports,
) -> dict[str, QuarterEnergies]:
    """Energies of the measured assets that a plan looks at, on one grid."""
    begins_s = epoch_s(history_start(at, site_timezone(site)))
    wanted = assets_looked_at(configuration)
    return {
        one.asset_id: asset_quarters(
            AssetOfSite(partner_id, site.site_id, one.asset_id, asset_rating_w(site, one.asset_id)),
            begins_s,
            epoch_s(at),
            read=ports.measurements.readings,
            memory=ports.quarter_memory,
        )
        for one in assets
        if one.asset_id in wanted
    }


def _shares(
    partner_id: str, site_id: str, configuration: SiteConfiguration, at: datetime, ports: Ports
) -> dict[str, dict[PhaseName, float]]:
    """How each series with a meter of its own was spread over the phases in the last day."""
    day = Span(epoch_us(at - SHARES_MEMORY), epoch_us(at) + 1)
    found = {}
    for device in configuration.device_list:
        if isinstance(device, ForecastedSeries3Phase) and not device.should_be_aggregated:
            rows = ports.measurements.list_after(
                partner_id, site_id, device.name, day, None, SHARES_ROWS_COUNT
            )
            shares = phase_shares(one.row.pins for one in rows)
            if shares is not None:
                found[device.name] = shares
    return found


def _running(partner_id: str, site_id: str, ports: Ports) -> list[Transaction]:
    """The last message of each running session; of one that its pole has overtaken nobody knows that it runs."""
    histories = ports.transactions.list_running(partner_id, site_id)
    return [one.latest for one in histories if "missing_stop" not in one.irregularities]


def _past_sessions(partner_id: str, site_id: str, at: datetime, ports: Ports) -> list[PastSession]:
    """The sessions of the last weeks that were over at a moment, by start."""
    found: list[PastSession] = []
    after = TransactionKey(at - SESSION_MEMORY, "", "")
    while page := ports.transactions.list_after(partner_id, site_id, after, PAGE_COUNT):
        found += [_past_session(one) for one in page if one.stopped_at is not None and one.stopped_at <= at]
        last = page[-1].latest
        after = TransactionKey(last.start_time, last.asset_id, last.transaction_id)
    return found


def _past_session(history: TransactionHistory) -> PastSession:
    told, stopped_at = history.latest, history.stopped_at or history.latest.timestamp
    start_s = epoch_s(told.start_time)
    return PastSession(told.asset_id, told.id_tag, start_s, epoch_s(stopped_at), told.energy_charged)


def _price_days(partner_id: str, site: Site, at: datetime, ports: Ports) -> list[PriceDay]:
    contract = site.configurations.contract
    if not isinstance(contract, DynamicContract):
        return []
    today = market_day_of(at)
    first, last = today - timedelta(days=MEMORY_DAYS), today + timedelta(days=AHEAD_DAYS)
    return ports.prices.list_days(partner_id, contract.bidding_zone, first, last, known_at=at + CUT_OFF)
