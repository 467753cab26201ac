"""Read the energy of each asset per quarter-hour, hour or day."""

from collections.abc import Iterator
from dataclasses import dataclass

from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.caller import Caller
from kwartier.service.measurement_row import epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports.measurement_archive import MeasurementArchive, Span
from kwartier.service.ports.site_store import SiteStore
from kwartier.site.measurement import FIRST_MOMENT, LAST_MOMENT
from kwartier.site.metering.counter_finding import CounterFinding
from kwartier.site.metering.local_periods import (
    PeriodEnergies,
    Resolution,
    period_boundaries_s,
    period_energies,
)
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, quarter_energies
from kwartier.site.metering.readings import FloatArray
from kwartier.site.timezone import site_timezone

MICROSECONDS = 1_000_000
EVER = Span(epoch_us(FIRST_MOMENT), epoch_us(LAST_MOMENT))


@dataclass(frozen=True)
class AssetEnergies:
    """The energies of one asset, and what was found wrong with its meter's running total in that time."""

    asset_id: str
    periods: PeriodEnergies
    findings: tuple[CounterFinding, ...]


@dataclass(frozen=True)
class SiteEnergies:
    """The energies of a site's assets, made one after the other, and how many periods all of them have together."""

    assets: Iterator[AssetEnergies]
    row_count: int


def read_energies(
    caller: Caller,
    site_id: str,
    asset_id: str | None,
    span: Span,
    resolution: Resolution,
    *,
    from_asset_id: str = "",
    sites: SiteStore,
    measurements: MeasurementArchive,
) -> SiteEnergies | UnknownSite:
    """One asset after the other, by id: those that have ever sent data, or the one that is named; from one of them on.

    The span is widened to whole periods of the site's own clock. Nothing is stored of this: it is made of the
    measurements each time, so late and corrected data always count.
    """
    record = sites.get(caller.partner_id, site_id)
    if record is None:
        return UnknownSite()
    site = record.site
    boundaries_s = period_boundaries_s(
        span.from_us / MICROSECONDS, span.to_us / MICROSECONDS, resolution, site_timezone(site)
    )
    known = _known_assets(caller.partner_id, site_id, asset_id, measurements)
    wanted = [name for name in known if name >= from_asset_id]
    found = (
        _energies(caller.partner_id, site_id, name, boundaries_s, asset_rating_w(site, name), measurements)
        for name in wanted
    )
    return SiteEnergies(found, len(wanted) * (len(boundaries_s) - 1))


def _known_assets(
    partner_id: str, site_id: str, asset_id: str | None, measurements: MeasurementArchive
) -> list[str]:
    if asset_id is None:
        return [one.asset_id for one in measurements.list_assets(partner_id, site_id)]
    return [asset_id] if measurements.list_after(partner_id, site_id, asset_id, EVER, None, 1) else []


def _energies(
    partner_id: str,
    site_id: str,
    asset_id: str,
    boundaries_s: FloatArray,
    rating_w: float | None,
    measurements: MeasurementArchive,
) -> AssetEnergies:
    first_s, last_s = float(boundaries_s[0]), float(boundaries_s[-1])
    # The readings next to the span tell what flowed at its two ends.
    around = Span(
        int((first_s - LARGEST_GAP_S) * MICROSECONDS), int((last_s + LARGEST_GAP_S) * MICROSECONDS) + 1
    )
    readings = measurements.readings(partner_id, site_id, asset_id, around)
    quarters = quarter_energies(readings, first_s, last_s, rating_w)
    return AssetEnergies(asset_id, period_energies(quarters, boundaries_s), quarters.findings)
