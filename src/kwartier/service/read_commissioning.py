"""Read what an installer needs: which asset sends what, how old it is, which phase reacts to which pin."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from kwartier.service.caller import Caller
from kwartier.service.commissioning.asset_report import AssetReport, LastReading, PhaseCheck
from kwartier.service.commissioning.phase_reaction import pin_reactions
from kwartier.service.commissioning.pin_powers import PinPowers, pin_powers
from kwartier.service.measurement_row import MeasurementRow, epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.site.devices import ChargingPole3Phase, DcChargingPole, Device, ForecastedSeries3Phase
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.rules import site_errors
from kwartier.site.tree import Board, ElectricalTree, electrical_tree
from kwartier.units.phase import PHASES, PINS, PhaseName
from kwartier.units.quarter_hour import from_epoch_s

# Cars that come and go in a working morning tell the phases; more readings cost more to look at.
LOOKED_BACK = timedelta(hours=6)
MOST_ROWS_COUNT = 2_200
INTERVAL_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Commissioning:
    """The assets of a site at a moment: devices, then collectors, then what sends and is not configured."""

    at: datetime
    assets: tuple[AssetReport, ...]


def read_commissioning(caller: Caller, site_id: str, *, ports: Ports) -> Commissioning | UnknownSite:
    """What each asset sent last and how often, and of each pole whether its pins hang where the document says.

    A document with ERROR findings has no phases to compare with; who sends what is told all the same.
    """
    record = ports.sites.get(caller.partner_id, site_id)
    if record is None:
        return UnknownSite()
    at = ports.clock.now()
    assets = {
        one.asset_id: one.last_measured_us
        for one in ports.measurements.list_assets(caller.partner_id, site_id)
    }
    rows = {
        name: _rows(caller.partner_id, site_id, name, at, ports)
        for name, last_us in assets.items()
        if last_us >= epoch_us(at - LOOKED_BACK)
    }
    last = {name: _last(caller.partner_id, site_id, name, last_us, ports) for name, last_us in assets.items()}
    reports = [
        replace(one, last=last.get(one.name), interval_s=_interval_s(rows.get(one.name, ()), at))
        for one in _reports(record.site, assets)
    ]
    return Commissioning(at, tuple(_with_phases(record.site, reports, rows)))


def _reports(site: Site, senders: Sequence[str] | dict[str, int]) -> Iterator[AssetReport]:
    """What stands in the document, and what else sends; nothing measured yet."""
    configuration = site.configurations.site_configuration
    devices: list[Device] = configuration.device_list if configuration else []
    boards = _tree(site)
    known = set()
    for device in devices:
        known.add(device.name)
        # A pole has to while a car is there (contract.md, section 2).
        must_send = not isinstance(device, ChargingPole3Phase | DcChargingPole)
        must_send &= not (isinstance(device, ForecastedSeries3Phase) and device.should_be_aggregated)
        yield AssetReport(device.name, "device", device.type, device.collector, must_send, None, None)
    for board in boards.boards.values() if boards else ():
        known.add(board.name)
        kind = "1P" if board.single_phase else "3P"
        yield AssetReport(board.name, "collector", kind, board.parent, board.parent is None, None, None)
    for name in sorted(set(senders) - known):
        yield AssetReport(name, "unknown", "", None, must_send=False, last=None, interval_s=None)


def _tree(site: Site) -> ElectricalTree | None:
    configuration = site.configurations.site_configuration
    return None if configuration is None or site_errors(site) else electrical_tree(configuration)


def _rows(partner_id: str, site_id: str, asset_id: str, at: datetime, ports: Ports) -> list[MeasurementRow]:
    span = Span(epoch_us(at - LOOKED_BACK), epoch_us(at) + 1)
    found = ports.measurements.list_after(partner_id, site_id, asset_id, span, None, MOST_ROWS_COUNT)
    return [one.row for one in found]


def _last(partner_id: str, site_id: str, asset_id: str, last_us: int, ports: Ports) -> LastReading | None:
    moment = Span(last_us, last_us + 1)
    found = ports.measurements.list_after(partner_id, site_id, asset_id, moment, None, 1)
    if not found:
        return None
    row = found[0].row
    pins = tuple(json.loads(row.pins or "{}"))
    return LastReading(from_epoch_s(row.measured_us / 1e6), row.power_w, row.charge_percent, pins)


def _interval_s(rows: Sequence[MeasurementRow], at: datetime) -> float | None:
    since_us = epoch_us(at - INTERVAL_WITHIN)
    times_us = [row.measured_us for row in rows if row.measured_us >= since_us]
    apart = [(after - before) / 1e6 for before, after in pairwise(times_us)]
    return round(median(apart), 1) if apart else None


def _with_phases(
    site: Site, reports: Sequence[AssetReport], rows: dict[str, list[MeasurementRow]]
) -> Iterator[AssetReport]:
    configuration, tree = site.configurations.site_configuration, _tree(site)
    if configuration is None or tree is None:
        yield from reports
        return
    meters = {name: pin_powers(rows[name]) for name in tree.boards if name in rows}
    told = {name: one for name, one in meters.items() if one.named_indices}
    for report in reports:
        yield replace(report, phases=tuple(_checks(report.name, configuration, tree, told, rows)))


def _checks(
    name: str,
    configuration: SiteConfiguration,
    tree: ElectricalTree,
    meters: dict[str, PinPowers],
    rows: dict[str, list[MeasurementRow]],
) -> Iterator[PhaseCheck]:
    """Each pin of an AC pole against the nearest meter above it that tells its phases apart."""
    device = next((one for one in configuration.device_list if one.name == name), None)
    if not isinstance(device, ChargingPole3Phase):
        return
    meter = next((one for one in tree.path_to_root(device.collector) if one.name in meters), None)
    if meter is None or name not in rows:
        return
    board = tree.boards[device.collector]
    mapping = device.pin_to_phase_mapping
    phase_by_pin = dict(zip(mapping.pin_list, mapping.phase_list, strict=True))
    for reaction in pin_reactions(pin_powers(rows[name]), meters[meter.name]):
        pin = PINS[reaction.pin_place]
        if pin in phase_by_pin:
            yield PhaseCheck(
                pin=pin,
                meter=meter.name,
                expected=_seen_from(meter, board, phase_by_pin[pin]),
                reacting=None if reaction.place is None else PHASES[reaction.place],
                certainty_ratio=reaction.certainty_ratio,
                moves_count=reaction.moves_count,
            )


def _seen_from(meter: Board, board: Board, phase: str) -> PhaseName:
    """The name that a meter has for a phase of a board below it."""
    root_index = next(index for name, index in board.root_phase_index.items() if name == phase)
    return next(name for name, index in meter.root_phase_index.items() if index == root_index)
