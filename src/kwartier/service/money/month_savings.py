"""What control has saved a connection in a month: the same cars on arrival, the batteries at rest, billed alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.bill_site import bill_of
from kwartier.service.measurement_row import epoch_us
from kwartier.service.money.connection_meter import ConnectionMeter
from kwartier.service.money.uncontrolled import ArrivedCar, on_arrival_wh
from kwartier.service.plan_assembly.overrides import full_power_w
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.ports.transaction_store import TransactionKey
from kwartier.service.quarter_prices import quarter_prices
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, quarter_energies
from kwartier.site.transaction import Transaction
from kwartier.site.tree import SQRT3, Board, electrical_tree
from kwartier.tariffs import Bill, DayAheadPrices, MeterSeries
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, from_epoch_s

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A car that came before may charge in the month; one that stays longer is parked.
LONGEST_STAY = timedelta(days=7)
MOST_COUNT = 20_000
MILLIWH_PER_WH = 1000.0


@dataclass(frozen=True)
class MonthSavings:
    """The month so far without VAT, EUR, as it was and as it would have been; peaks are quarter-hour averages, W.

    `stored_eur` is the worth of what batteries hold more than at its start (negative: less), at the median offtake
    price, and of what cars on arrival would still wait for: with it both sides end with the same energy.
    """

    actual_eur: Decimal
    uncontrolled_eur: Decimal
    stored_eur: Decimal
    actual_peak_w: float
    uncontrolled_peak_w: float
    session_count: int

    @property
    def saved_eur(self) -> Decimal:
        """What control has saved; negative where it cost more."""
        return self.uncontrolled_eur - self.actual_eur + self.stored_eur


def month_savings(
    connection: ConnectionMeter, actual: Bill, day_ahead: DayAheadPrices | None, *, ports: Ports
) -> MonthSavings | None:
    """The savings of a month from its measurements; None where the other month could not be billed."""
    indices = _measured_indices(connection)
    if not len(indices):
        return None
    own = connection.meter.part(indices)
    net_wh = (own.offtake_milliwh - own.injection_milliwh) / MILLIWH_PER_WH
    known = own.is_offtake_known & own.is_injection_known
    reader = _MonthReader(connection, indices, ports)
    sessions = list(reader.sessions())
    others_wh = net_wh - reader.battery_wh - sum((one for _, one in sessions), np.zeros(len(net_wh)))
    cars_wh, waiting_wh = on_arrival_wh(
        [car for car, _ in sessions],
        indices.start * QUARTER_S,
        np.where(known, others_wh, np.nan),
        connection.root,
        reader.limit_w_by_board,
    )
    uncontrolled_wh = np.where(known, others_wh + cars_wh, 0.0)
    billed = bill_of(
        connection.site, _with(connection.meter, indices, uncontrolled_wh, known), connection.month, day_ahead
    )
    if not isinstance(billed, Bill):
        return None
    kept_wh = reader.stored_more_wh() + waiting_wh
    return MonthSavings(
        actual_eur=actual.exact_excl_vat_eur,
        uncontrolled_eur=billed.exact_excl_vat_eur,
        stored_eur=Decimal(kept_wh / 1e6 * reader.median_price_eur_per_mwh()),
        actual_peak_w=_peak_w(net_wh, known),
        uncontrolled_peak_w=_peak_w(uncontrolled_wh, known),
        session_count=len(sessions),
    )


def _peak_w(net_wh: FloatArray, known: BoolArray) -> float:
    return max(0.0, float(np.where(known, net_wh, 0.0).max()) / QUARTER_H)


def _measured_indices(connection: ConnectionMeter) -> range:
    """The quarter-hours of the month from its first to its last known one; the running one is not over."""
    month, meter = connection.month.quarter_indices(connection.zone), connection.meter
    end = min(month.stop, meter.end_quarter_index, int(epoch_s(connection.now)) // QUARTER_S)
    return range(max(month.start, meter.first_quarter_index), max(month.start, end))


def _with(meter: MeterSeries, indices: range, net_wh: FloatArray, known: BoolArray) -> MeterSeries:
    """The meter with other energies in some quarter-hours; the months before stay its history."""
    whole = meter.part(range(meter.first_quarter_index, indices.stop))
    here = slice(indices.start - meter.first_quarter_index, None)
    milliwh = np.rint(net_wh * MILLIWH_PER_WH).astype(np.int64)
    offtake, injection = whole.offtake_milliwh.copy(), whole.injection_milliwh.copy()
    is_known = (whole.is_offtake_known & whole.is_injection_known).copy()
    offtake[here], injection[here], is_known[here] = np.maximum(milliwh, 0), np.maximum(-milliwh, 0), known
    offtake[~is_known], injection[~is_known] = 0, 0
    return MeterSeries(meter.first_quarter_index, offtake, injection, is_known, is_known)


class _MonthReader:
    """Reads what poles and batteries of a connection did in the quarter-hours of a month."""

    def __init__(self, connection: ConnectionMeter, indices: range, ports: Ports) -> None:
        self._connection, self._indices, self._ports = connection, indices, ports
        self._configuration = connection.site.planned_configuration
        self._tree = electrical_tree(self._configuration)
        self._first_s, self._end_s = indices.start * QUARTER_S, indices.stop * QUARTER_S
        self._batteries = [
            one
            for one in self._configuration.device_list
            if isinstance(one, BatteryEnergyStorageSystem) and self._is_here(one.collector)
        ]
        self.battery_wh = sum(
            (
                self._energy_wh(one.name, self._first_s - LARGEST_GAP_S, self._end_s)
                for one in self._batteries
            ),
            np.zeros(len(indices)),
        )
        self.limit_w_by_board = {
            name: _limit_w(board)
            for name, board in self._tree.boards.items()
            if board.root == connection.root
        }

    def sessions(self) -> Iterator[tuple[ArrivedCar, FloatArray]]:
        """Each session that took something: as it would come on arrival, and what it took, Wh, shape (n,)."""
        after = TransactionKey(from_epoch_s(self._first_s) - LONGEST_STAY, "", "")
        site_id = self._connection.site.site_id
        found = self._ports.transactions.list_after(self._connection.partner_id, site_id, after, MOST_COUNT)
        collectors = {one.name: one.collector for one in self._configuration.device_list}
        for history in found:
            told = history.latest
            collector = collectors.get(told.asset_id)
            if collector is None or not self._is_here(collector):
                continue
            stop_s = self._end_s if history.stopped_at is None else epoch_s(history.stopped_at)
            taken_wh = self._energy_wh(told.asset_id, epoch_s(told.start_time), min(stop_s, self._end_s))
            if taken_wh.sum() > 0.0:
                yield self._car(told, collector, taken_wh), taken_wh

    def stored_more_wh(self) -> float:
        """What the batteries hold now more than at the month's first known moment, Wh."""
        total_wh = 0.0
        for battery in self._batteries:
            percents = [self._percent_at(battery.name, moment_s) for moment_s in (self._first_s, self._end_s)]
            if None not in percents:
                rise_percent = (percents[1] or 0.0) - (percents[0] or 0.0)
                total_wh += rise_percent / 100.0 * battery.operational_battery_capacity
        return total_wh

    def median_price_eur_per_mwh(self) -> float:
        """The median offtake price of the quarter-hours whose price is known, EUR/MWh; 0 without any."""
        starts_s = np.arange(self._indices.start, self._indices.stop, dtype=np.float64) * QUARTER_S
        connection = self._connection
        table = quarter_prices(connection.partner_id, connection.site, starts_s, prices=self._ports.prices)
        if table is None or np.isnan(table.offtake_eur_per_mwh).all():
            return 0.0
        return float(np.nanmedian(table.offtake_eur_per_mwh))

    def _is_here(self, collector: str) -> bool:
        return self._tree.boards[collector].root == self._connection.root

    def _car(self, told: Transaction, collector: str, taken_wh: FloatArray) -> ArrivedCar:
        power_w = max(full_power_w(told, self._configuration), float(taken_wh.max()) / QUARTER_H)
        boards = tuple(board.name for board in self._tree.path_to_root(collector))
        return ArrivedCar(epoch_s(told.start_time), float(taken_wh.sum()), power_w, boards)

    def _energy_wh(self, asset_id: str, since_s: float, until_s: float) -> FloatArray:
        """What an asset took in each quarter-hour of the month within a time, Wh; 0 where nothing is known."""
        connection = self._connection
        span = Span(epoch_us(from_epoch_s(since_s)), epoch_us(from_epoch_s(until_s)) + 1)
        if span.to_us <= span.from_us:
            return np.zeros(len(self._indices))
        readings = self._ports.measurements.readings(
            connection.partner_id, connection.site.site_id, asset_id, span
        )
        rating_w = asset_rating_w(connection.site, asset_id)
        return np.nan_to_num(quarter_energies(readings, self._first_s, self._end_s, rating_w).energy_wh)

    def _percent_at(self, battery: str, moment_s: float) -> float | None:
        """The state of charge that was told last by a moment, else None."""
        connection, measurements = self._connection, self._ports.measurements
        owner = connection.partner_id, connection.site.site_id
        told_us = measurements.last_charged_us(*owner, battery, Span(0, int(moment_s * 1e6) + 1))
        if told_us is None:
            return None
        rows = measurements.list_after(*owner, battery, Span(told_us, told_us + 1), None, 1)
        return rows[0].row.charge_percent if rows else None


def _limit_w(board: Board) -> float:
    """The power at which every phase of a board is at its limit, W."""
    lines = SQRT3 if board.three_wire and not board.single_phase else float(len(board.phases))
    return board.limit_a * board.voltage_v * lines
