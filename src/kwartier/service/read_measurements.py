"""Read measurements as they were sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kwartier.service.caller import Caller
from kwartier.service.measurement_row import RowKey, StoredRow
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page, page_of
from kwartier.service.ports.measurement_archive import MeasurementArchive, Span
from kwartier.service.ports.site_store import SiteStore

# So many rows are in memory at a time while a whole span is read.
CHUNK_ROWS_COUNT = 5_000


@dataclass(frozen=True)
class TooManyRows:
    """More rows than are given at once; nothing was read."""


def read_measurements(
    caller: Caller,
    site_id: str,
    asset_id: str | None,
    span: Span,
    *,
    after: tuple[str, int] | None,
    page_size: int,
    sites: SiteStore,
    measurements: MeasurementArchive,
) -> Page[StoredRow] | UnknownSite:
    """A page of a site's measurements by asset and moment, those behind `after` (asset, microseconds)."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    place = None if after is None else RowKey(caller.partner_id, site_id, *after)
    return page_of(
        lambda limit_count: measurements.list_after(
            caller.partner_id, site_id, asset_id, span, place, limit_count
        ),
        page_size,
    )


def all_measurements(
    caller: Caller,
    site_id: str,
    asset_id: str | None,
    span: Span,
    *,
    sites: SiteStore,
    measurements: MeasurementArchive,
) -> Iterator[Sequence[StoredRow]] | UnknownSite:
    """All of them, in chunks that are read one after the other: what is stored meanwhile may be among them."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    return _chunks(caller.partner_id, site_id, asset_id, span, measurements)


def bounded_measurements(
    caller: Caller,
    site_id: str,
    asset_id: str | None,
    span: Span,
    *,
    most_rows_count: int,
    sites: SiteStore,
    measurements: MeasurementArchive,
) -> Iterator[Sequence[StoredRow]] | UnknownSite | TooManyRows:
    """All of them as `all_measurements` gives them, where there are no more than so many."""
    found = all_measurements(caller, site_id, asset_id, span, sites=sites, measurements=measurements)
    if isinstance(found, UnknownSite):
        return found
    is_longer = measurements.has_more_than(caller.partner_id, site_id, asset_id, span, most_rows_count)
    return TooManyRows() if is_longer else found


def _chunks(
    partner_id: str, site_id: str, asset_id: str | None, span: Span, measurements: MeasurementArchive
) -> Iterator[Sequence[StoredRow]]:
    place: RowKey | None = None
    while True:
        rows = measurements.list_after(partner_id, site_id, asset_id, span, place, CHUNK_ROWS_COUNT)
        if rows:
            yield rows
            place = rows[-1].row.key
        if len(rows) < CHUNK_ROWS_COUNT:
            return
