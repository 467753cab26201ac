"""A site's past month as it was recorded: what it was stored, made fit to be solved in hindsight."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from kwartier.forecasting.power_history import PowerHistory
from kwartier.service.asset_quarters import AssetOfSite, asset_quarters
from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.measurement_row import epoch_us
from kwartier.service.plan_assembly.assemble import planned_form
from kwartier.service.plan_assembly.measured_series import assets_looked_at, measured_wh
from kwartier.service.plan_assembly.overrides import full_power_w
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.ports.transaction_store import TransactionKey
from kwartier.simulation.car import Car
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.site.contracts import DynamicContract
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.document import Site
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, QuarterEnergies, quarter_energies
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import TransactionHistory
from kwartier.site.tree import electrical_tree
from kwartier.tariffs.day_ahead.market_day import market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, from_epoch_s, quarter_start_s

FloatArray = npt.NDArray[np.float64]

# Ours. An hour of a load is much like the hours beside it, a night of it is not; and a day in a month is a peak missed.
LONGEST_GAP_COUNT = 4
MOST_MISSING_RATIO = 0.02
PAGE_COUNT = 1_000


@dataclass(frozen=True)
class NotWhole:
    """Something of the month is missing; the reason says what."""

    reason: str


def recorded_month(partner_id: str, site: Site, period: Period, *, ports: Ports) -> RecordedSite | NotWhole:
    """The site with its series, cars and prices of a past month, all of it known.

    A series may lack an hour here and there, and 2 % in all: that is filled in between what is known before and after.
    The site must have a site configuration without ERROR findings.
    """
    try:
        return _Reader(partner_id, site, period, ports).recorded()
    except _Missing as missing:
        return NotWhole(str(missing))


class _Missing(Exception):
    """Ends the reading: what is still to be read would be of no use."""


@dataclass(frozen=True)
class _Reader:
    partner_id: str
    site: Site
    period: Period
    ports: Ports

    def recorded(self) -> RecordedSite:
        price_days = self._price_days()
        series = self._series()
        return RecordedSite(planned_form(self.site), series, tuple(self._cars()), price_days)

    def _price_days(self) -> tuple[PriceDay, ...]:
        contract = self.site.configurations.contract
        if not isinstance(contract, DynamicContract):
            return ()
        first, last = market_day_of(self.period.start), market_day_of(self.period.end - timedelta.resolution)
        found = self.ports.prices.list_days(self.partner_id, contract.bidding_zone, first, last)
        if len(found) <= (last - first).days:
            known = {one.day for one in found}
            day = next(day for number in range(32) if (day := first + timedelta(days=number)) not in known)
            raise _Missing(f"the day-ahead prices of {day.isoformat()} are not known")
        return tuple(found)

    def _series(self) -> dict[str, PowerHistory]:
        """Each load and roof. The connections' own meters must be whole too: a peak is theirs."""
        configuration = self.site.planned_configuration
        measured = {
            one.asset_id for one in self.ports.measurements.list_assets(self.partner_id, self.site.site_id)
        }
        quarters: dict[str, QuarterEnergies] = {}
        for root in electrical_tree(configuration).roots:
            if root.name not in measured:
                raise _Missing(f"{root.name}: nothing is measured")
            quarters[root.name] = self._quarters(root.name)
            known = quarters[root.name]
            self._filled_wh(root.name, np.where(known.is_known, known.energy_wh, np.nan))
        for name in sorted(assets_looked_at(configuration) & measured - quarters.keys()):
            quarters[name] = self._quarters(name)
        found = {}
        for device in configuration.device_list:
            if isinstance(device, ForecastedSeries3Phase):
                energy_wh = measured_wh(device, configuration, quarters)
                if energy_wh is None:
                    raise _Missing(f"{device.name}: nothing is measured")
                power_w = self._filled_wh(device.name, energy_wh) / QUARTER_H
                found[device.name] = PowerHistory(self.period.start_s, power_w)
        return found

    def _quarters(self, name: str) -> QuarterEnergies:
        """The month's quarter-hours of an asset, of what plans remember where they do."""
        site_id = self.site.site_id
        asset = AssetOfSite(self.partner_id, site_id, name, asset_rating_w(self.site, name))
        whole = asset_quarters(
            asset,
            self.period.start_s,
            epoch_s(self.ports.clock.now()),
            read=self.ports.measurements.readings,
            memory=self.ports.quarter_memory,
        )
        count = (self.period.end_s - self.period.start_s) // QUARTER_S
        arrays = ("start_s", "energy_wh", "covered_ratio", "from_power_ratio")
        return replace(whole, **{array: getattr(whole, array)[:count] for array in arrays})

    def _filled_wh(self, name: str, energy_wh: FloatArray) -> FloatArray:
        """The energies with short gaps filled in."""
        missing = np.isnan(energy_wh)
        starts_s = self.period.start_s + QUARTER_S * np.arange(len(energy_wh))
        for first, end in _gaps(missing):
            if end - first > LONGEST_GAP_COUNT:
                raise _Missing(
                    f"{name}: {(end - first) * QUARTER_H:g} h from {format_instant(from_epoch_s(starts_s[first]))} on "
                    f"are not measured, and at most {LONGEST_GAP_COUNT * QUARTER_H:g} h may lack"
                )
        if missing.mean() > MOST_MISSING_RATIO:
            raise _Missing(
                f"{name}: {missing.mean() * 100:.1f} % of the month are not measured, and at most "
                f"{MOST_MISSING_RATIO * 100:g} % may lack"
            )
        return np.interp(starts_s, starts_s[~missing], energy_wh[~missing])

    def _cars(self) -> Iterator[Car]:
        """The sessions that began and ended in the month and took something, in the order of arrival."""
        configuration = self.site.planned_configuration
        poles = {one.name for one in configuration.device_list}
        for history in self._sessions():
            told, stopped_at = history.latest, history.stopped_at
            if told.asset_id not in poles or stopped_at is None or stopped_at > self.period.end:
                continue
            taken_wh = self._taken_wh(told, epoch_s(stopped_at))
            if taken_wh > 0.0:
                yield Car(
                    transaction_id=told.transaction_id,
                    asset_id=told.asset_id,
                    arrival=told.start_time,
                    departure=stopped_at,
                    requested_wh=taken_wh,
                    largest_w=full_power_w(told, configuration),
                    phase_count=told.no_charging_phases or 3,
                )

    def _sessions(self) -> Iterator[TransactionHistory]:
        after = TransactionKey(self.period.start - timedelta.resolution, "", "")
        list_after, site_id = self.ports.transactions.list_after, self.site.site_id
        while page := list_after(self.partner_id, site_id, after, PAGE_COUNT):
            for history in page:
                if history.latest.start_time >= self.period.end:
                    return
                if history.latest.start_time >= self.period.start:
                    yield history
            last = page[-1].latest
            after = TransactionKey(last.start_time, last.asset_id, last.transaction_id)

    def _taken_wh(self, told: Transaction, stopped_s: float) -> float:
        """What a session took, as its pole said of it; else as the pole's meter counted."""
        if told.energy_charged is not None:
            return told.energy_charged
        first_s = quarter_start_s(epoch_s(told.start_time))
        span = Span(epoch_us(from_epoch_s(first_s - LARGEST_GAP_S)), epoch_us(from_epoch_s(stopped_s)) + 1)
        readings = self.ports.measurements.readings(self.partner_id, self.site.site_id, told.asset_id, span)
        rating_w = asset_rating_w(self.site, told.asset_id)
        return float(np.nansum(quarter_energies(readings, first_s, stopped_s, rating_w).energy_wh))


def _gaps(missing: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The first and the end of each run of missing ones."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], missing.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
