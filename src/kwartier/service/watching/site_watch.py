"""Looks at one site again and again; what changes rarely is kept between the looks."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.control.planned_peak import PlannedPeak, planned_peaks
from kwartier.control.setpoint import Setpoint
from kwartier.planning.plan import Plan
from kwartier.service.caller import Caller
from kwartier.service.measurement_row import MeasurementRow, epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_record import PlanRecord
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.site_event import SiteEvent
from kwartier.service.site_record import SiteRecord
from kwartier.service.watching.alarms import alarms
from kwartier.service.watching.device_now import device_now
from kwartier.service.watching.open_quarter import open_quarter
from kwartier.service.watching.site_now import BoardNow, DeviceNow, QuarterNow, Reading, SiteNow
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.finding import errors
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S
from kwartier.site.rules import validate_site
from kwartier.site.transaction import Transaction
from kwartier.site.tree import ElectricalTree, electrical_tree
from kwartier.units.quarter_hour import epoch_s, from_epoch_s, quarter_start_s

# Plan, cars and events are read again at most so often: they change seldom, and cost more to read than the meters.
READ_EVERY_S = 2.0
EVENTS_COUNT = 1_000
# A reading a second for the quarter-hour and what comes before it; no meter of a site speaks more often.
MOST_ROWS_COUNT = 2_500


@dataclass(frozen=True)
class _Followed:
    """The plan in force, read once, and the peaks that it counts on."""

    record: PlanRecord
    plan: Plan
    peaks: tuple[PlannedPeak, ...]


class SiteWatch:
    """One site of one partner; call `look` from one thread at a time."""

    def __init__(self, caller: Caller, site_id: str, *, ports: Ports) -> None:
        self._partner_id, self._site_id, self._ports = caller.partner_id, site_id, ports
        self._revision_number = 0
        self._site: Site | None = None
        self._tree = ElectricalTree({})
        self._followed: _Followed | None = None
        self._events: list[SiteEvent] = []
        self._cars: dict[str, Transaction] = {}
        self._read_s: float | None = None

    def look(self) -> SiteNow | UnknownSite:
        """The site now."""
        ports, key = self._ports, (self._partner_id, self._site_id)
        record = ports.sites.get(*key)
        if record is None:
            return UnknownSite()
        now, clock_s = ports.clock.now(), ports.clock.monotonic_s()
        self._understand(record)
        if self._read_s is None or clock_s - self._read_s >= READ_EVERY_S:
            self._read(now)
            self._read_s = clock_s
        readings = {one.row.asset_id: _reading(one.row) for one in ports.measurements.list_latest(*key)}
        standing = ports.standings.get(*key)
        told = None if standing is None else standing.in_force(now)
        rung = None if standing is None or told is None else standing.rung
        followed = self._followed
        return SiteNow(
            at=now,
            rung=rung,
            reason=standing.reason if standing is not None and told is not None else "",
            planned_at=None if followed is None else followed.record.stored_at,
            boards=self._boards(readings),
            devices=tuple(self._devices(readings, told or (), now)),
            quarters=tuple(self._quarters(now)),
            alarms=alarms(
                now, record.validation_status, rung, None if followed is None else followed.plan, self._events
            ),
        )

    def _understand(self, record: SiteRecord) -> None:
        """What is worked out of a document is kept with its revision; one with errors has no tree."""
        if record.revision_number == self._revision_number:
            return
        self._revision_number, self._site = record.revision_number, record.site
        configuration = self._configuration
        is_sound = configuration is not None and not errors(validate_site(record.site))
        self._tree = electrical_tree(configuration) if configuration and is_sound else ElectricalTree({})

    @property
    def _configuration(self) -> SiteConfiguration | None:
        return None if self._site is None else self._site.configurations.site_configuration

    def _read(self, now: datetime) -> None:
        key = self._partner_id, self._site_id
        record = self._ports.plans.in_force(*key, now)
        if record is None:
            self._followed = None
        elif self._followed is None or self._followed.record.plan_id != record.plan_id:
            self._followed = _Followed(record, record.plan, planned_peaks(record.request, record.plan))
        running = self._ports.transactions.list_running(*key)
        found = [one.latest for one in running if "missing_stop" not in one.irregularities]
        self._cars = {one.asset_id: one for one in found if one.start_time <= now}
        last = self._events[-1].event_number if self._events else 0
        self._events += self._ports.events.list_after(*key, last, EVENTS_COUNT)
        oldest = now - timedelta(days=1)
        self._events = [one for one in self._events if one.occurred_at >= oldest] or self._events[-1:]

    def _boards(self, readings: Mapping[str, Reading]) -> tuple[BoardNow, ...]:
        boards = self._tree.boards
        return tuple(
            BoardNow(
                board.name,
                len(self._tree.path_to_root(board.name)) - 1,
                board.limit_a,
                board.phases,
                readings.get(board.name),
            )
            for board in boards.values()
        )

    def _devices(
        self, readings: Mapping[str, Reading], told: Iterable[Setpoint], now: datetime
    ) -> Iterable[DeviceNow]:
        configuration = self._configuration
        if configuration is None:
            return
        setpoint_by_name = {one.asset_id: one for one in told if one.valid_from <= now}
        for device in configuration.device_list:
            yield device_now(
                device,
                readings.get(device.name),
                setpoint_by_name.get(device.name),
                self._cars.get(device.name),
                now,
            )

    def _quarters(self, now: datetime) -> Iterable[QuarterNow]:
        """The open quarter-hour of each root that was measured in it."""
        start_s, peaks = quarter_start_s(epoch_s(now)), () if self._followed is None else self._followed.peaks
        for root in self._tree.roots:
            found = open_quarter(root.name, start_s, self._rows(root.name, start_s, now), peaks)
            if found is not None:
                yield found

    def _rows(self, root: str, start_s: int, now: datetime) -> list[MeasurementRow]:
        """What the root's meter said in the open quarter-hour, and the last thing before it."""
        span = Span(int((start_s - LARGEST_GAP_S) * 1e6), epoch_us(now) + 1)
        stored = self._ports.measurements.list_after(
            self._partner_id, self._site_id, root, span, None, MOST_ROWS_COUNT
        )
        rows = [one.row for one in stored]
        first = next((n for n, row in enumerate(rows) if row.measured_us >= start_s * 1e6), len(rows))
        return rows[max(0, first - 1) :]


def _reading(row: MeasurementRow) -> Reading:
    pins: dict[str, dict[str, float]] = json.loads(row.pins) if row.pins else {}
    current_a = {name: told["currentValue"] for name, told in pins.items() if "currentValue" in told}
    return Reading(from_epoch_s(row.measured_us / 1e6), row.power_w, current_a, row.charge_percent)
