"""Measurements in memory."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

import numpy as np

from kwartier.service.measurement_merge import merge
from kwartier.service.measurement_row import MeasurementRow, RowKey, RowOutcome, StoredRow
from kwartier.service.ports.measurement_archive import MeasuredAsset, Span
from kwartier.service.ports.site_store import SiteStore
from kwartier.site.metering.readings import Readings


class FakeMeasurementStore:
    """Implements `kwartier.service.ports.MeasurementWriter` and `MeasurementArchive` over one dictionary."""

    def __init__(self, sites: SiteStore) -> None:
        self._sites = sites
        self._rows: dict[RowKey, StoredRow] = {}
        self._keys: defaultdict[tuple[str, str], list[RowKey]] = defaultdict(list)
        self._earlier: defaultdict[RowKey, list[StoredRow]] = defaultdict(list)

    def submit(self, rows: Sequence[MeasurementRow]) -> "Future[list[RowOutcome]]":
        """Store the rows at once."""
        named = {(row.partner_id, row.site_id) for row in rows}
        known = {row.key: self._rows[row.key] for row in rows if row.key in self._rows}
        merged = merge(rows, known, {site for site in named if self._sites.get(*site) is not None})
        self._rows |= {stored.row.key: stored for stored in (*merged.new, *merged.changed)}
        for stored in merged.new:
            insort(self._keys[stored.row.key[:2]], stored.row.key)
        for stored, _ in merged.earlier:
            self._earlier[stored.row.key].append(stored)
        done: Future[list[RowOutcome]] = Future()
        done.set_result(merged.outcomes)
        return done

    def list_after(
        self,
        partner_id: str,
        site_id: str,
        asset_id: str | None,
        span: Span,
        after: RowKey | None,
        limit_count: int,
    ) -> Sequence[StoredRow]:
        """At most so many rows by asset and moment, those behind `after`."""
        found = [
            self._rows[key]
            for key in self._keys[partner_id, site_id]
            if asset_id in (None, key.asset_id)
            and span.from_us <= key.measured_us < span.to_us
            and (after is None or key > after)
        ]
        return found[:limit_count]

    def has_more_than(
        self, partner_id: str, site_id: str, asset_id: str | None, span: Span, row_count: int
    ) -> bool:
        """Whether there are more rows than so many."""
        found = self.list_after(partner_id, site_id, asset_id, span, None, row_count + 1)
        return len(found) > row_count

    def readings(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> Readings:
        """What an asset's meter said, by moment."""
        return _readings(
            one.row for one in self.list_after(partner_id, site_id, asset_id, span, None, len(self._rows))
        )

    def readings_as_known(
        self, partner_id: str, site_id: str, asset_id: str, span: Span, known_us: int
    ) -> Readings:
        """The same as it was known at a moment."""
        found = []
        for now in self.list_after(partner_id, site_id, asset_id, span, None, len(self._rows)):
            versions = [*self._earlier[now.row.key], now]
            found += [one.row for one in versions if one.row.received_us <= known_us][-1:]
        return _readings(found)

    def list_assets(self, partner_id: str, site_id: str) -> Sequence[MeasuredAsset]:
        """Every asset of a site that has ever sent data, by id."""
        latest_us = {key.asset_id: key.measured_us for key in self._keys[partner_id, site_id]}
        return [MeasuredAsset(asset_id, measured_us) for asset_id, measured_us in latest_us.items()]

    def list_latest(self, partner_id: str, site_id: str) -> Sequence[StoredRow]:
        """The latest measurement of every asset of a site, by asset."""
        own = self._keys[partner_id, site_id]
        return list({key.asset_id: self._rows[key] for key in own}.values())

    def last_charged_us(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> int | None:
        """The moment of an asset's latest measurement in a span that holds a state of charge."""
        rows = [
            one.row for one in self.list_after(partner_id, site_id, asset_id, span, None, len(self._rows))
        ]
        charged = [row.measured_us for row in rows if row.charge_percent is not None]
        return max(charged, default=None)

    def list_earlier(self, key: RowKey) -> Sequence[StoredRow]:
        """What a measurement said before it was corrected, the oldest first."""
        return list(self._earlier[key])


def _readings(rows: Iterable[MeasurementRow]) -> Readings:
    told = list(rows)
    return Readings(
        np.array([row.measured_us / 1e6 for row in told], dtype=np.float64),
        np.array([row.energy_total_wh for row in told], dtype=np.float64),
        np.array([row.power_w for row in told], dtype=np.float64),
    )
