"""The port to stored measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kwartier.service.measurement_row import RowKey, StoredRow
from kwartier.site.metering.readings import Readings


@dataclass(frozen=True)
class Span:
    """The moments from `from_us` up to and without `to_us`, microseconds since 1970."""

    from_us: int
    to_us: int


@dataclass(frozen=True)
class MeasuredAsset:
    """An asset that has sent data, configured or not, and the moment of its latest measurement, microseconds."""

    asset_id: str
    last_measured_us: int


class MeasurementArchive(Protocol):
    """Reads the measurements of one partner at a time."""

    def list_after(
        self,
        partner_id: str,
        site_id: str,
        asset_id: str | None,
        span: Span,
        after: RowKey | None,
        limit_count: int,
    ) -> Sequence[StoredRow]:
        """At most so many rows of a site (of one asset where it is named) by asset and moment, those behind `after`."""
        ...

    def has_more_than(
        self, partner_id: str, site_id: str, asset_id: str | None, span: Span, row_count: int
    ) -> bool:
        """Whether a site (one asset where it is named) has more rows in the span than so many."""
        ...

    def readings(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> Readings:
        """What an asset's meter said, by moment."""
        ...

    def readings_as_known(
        self, partner_id: str, site_id: str, asset_id: str, span: Span, known_us: int
    ) -> Readings:
        """The same as it was known at a moment, microseconds since 1970: without what came or was corrected later."""
        ...

    def list_assets(self, partner_id: str, site_id: str) -> Sequence[MeasuredAsset]:
        """Every asset of a site that has ever sent data, by id."""
        ...

    def list_latest(self, partner_id: str, site_id: str) -> Sequence[StoredRow]:
        """The latest measurement of every asset of a site that has ever sent data, by asset."""
        ...

    def last_charged_us(self, partner_id: str, site_id: str, asset_id: str, span: Span) -> int | None:
        """The moment of an asset's latest measurement in a span that holds a state of charge; None without one."""
        ...

    def list_earlier(self, key: RowKey) -> Sequence[StoredRow]:
        """What a measurement said before it was corrected, the oldest first."""
        ...
