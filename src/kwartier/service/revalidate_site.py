"""Compute a site's validation status anew, keep it, and tell what changed."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from pydantic import BaseModel

from kwartier.service.announce import announce
from kwartier.service.ingest_measurements import MOST_AHEAD
from kwartier.service.measurement_row import epoch_us
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.received_data import ReceivedData
from kwartier.service.site_record import SiteRecord
from kwartier.service.site_validation import validation_status
from kwartier.service.validation_state import ValidationState
from kwartier.site.contracts import DynamicContract
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.document import Site
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration
from kwartier.site.validation_status import Status
from kwartier.tariffs.day_ahead.market_day import MARKET_TIMEZONE, market_day_of

# The exchange publishes around 13:00 the day before; an hour's delay is not yet missing (SDAC's fallback procedures).
PUBLISHED_BY = time(14, 0)


def revalidate_site(record: SiteRecord, *, ports: Ports) -> ValidationState:
    """The status now. Where a part of it changed, the change is announced, and `since` says from now on."""
    at = ports.clock.now()
    status = validation_status(record.site, at, ports.flags, _received(record, at, ports))
    before = ports.validations.get(record.partner_id, record.site_id)
    was = {} if before is None else dict(statuses_by_node(before.status))
    now = dict(statuses_by_node(status))
    since = {
        path: before.since[path] if before is not None and was.get(path) == found else at
        for path, found in now.items()
    }
    state = ValidationState(status, since)
    ports.validations.keep(record.partner_id, record.site_id, state)
    changed = {
        path: {"was": was.get(path), "is": found} for path, found in now.items() if was.get(path) != found
    }
    if changed:
        announce(
            record.partner_id,
            record.site_id,
            "validation_changed",
            at,
            {"status": status.status, "changed": changed},
            log=ports.events,
            channel=ports.channel,
        )
    return state


def statuses_by_node(node: BaseModel, path: str = "status") -> Iterator[tuple[str, Status]]:
    """The status of every node of the tree, by its path; that of the whole is called `status`."""
    for name, value in node:
        if name == "status":
            yield path, value
        elif isinstance(value, BaseModel):
            yield from statuses_by_node(value, name if path == "status" else f"{path}.{name}")


def _received(record: SiteRecord, at: datetime, ports: Ports) -> ReceivedData:
    running = ports.transactions.list_running(record.partner_id, record.site_id)
    return ReceivedData(
        at=at,
        assets=ports.measurements.list_assets(record.partner_id, record.site_id),
        charged_us_by_battery=dict(_charged(record, at, ports)),
        busy_poles=frozenset(one.latest.asset_id for one in running if one.latest.start_time <= at),
        has_prices=_has_prices(record.partner_id, record.site, at, ports),
    )


def _charged(record: SiteRecord, at: datetime, ports: Ports) -> Iterator[tuple[str, int]]:
    """Each battery that ever told its state of charge, and when it last did."""
    ever = Span(0, epoch_us(at + MOST_AHEAD))
    configuration = record.site.configurations.site_configuration
    for device in configuration.device_list if configuration else ():
        if isinstance(device, BatteryEnergyStorageSystem):
            told_us = ports.measurements.last_charged_us(record.partner_id, record.site_id, device.name, ever)
            if told_us is not None:
                yield device.name, told_us


def _has_prices(partner_id: str, site: Site, at: datetime, ports: Ports) -> bool:
    """Whether every day of the horizon whose prices are out is known; tomorrow's are missing from 14:00 on."""
    contract = site.configurations.contract
    if not isinstance(contract, DynamicContract):
        return True
    settings = site.configurations.optimization_configuration or OptimizationConfiguration()
    today = market_day_of(at)
    is_tomorrow_out = at.astimezone(MARKET_TIMEZONE).time() >= PUBLISHED_BY
    end = at + timedelta(days=HORIZON_DAYS_BY_NAME.get(settings.planning_horizon, 1))
    last = min(today + timedelta(days=int(is_tomorrow_out)), market_day_of(end))
    known = ports.prices.list_days(partner_id, contract.bidding_zone, today, last, known_at=at)
    return len(known) == (last - today).days + 1
