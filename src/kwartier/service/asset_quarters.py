"""The quarter-hours of an asset for a plan: remembered ones, and the last day made of measurements anew."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kwartier.service.ports.measurement_archive import Span
from kwartier.service.quarter_memory import QuarterMemory, RememberedQuarters
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, QuarterEnergies, quarter_energies
from kwartier.site.metering.readings import Readings
from kwartier.units.quarter_hour import QUARTER_S

# A meter that is stuck is found after 24 h (site/metering/counter.py); data may be late by as much, and two hours more.
OVERLAP_S = 26 * 3600
# What comes later still, and corrections of older days, count when all is read again.
WHOLE_EVERY_S = 24 * 3600
MICROSECONDS = 1_000_000

ReadingsOf = Callable[[str, str, str, Span], Readings]
"""What an asset of a partner's site said in a span: `MeasurementArchive.readings`."""


@dataclass(frozen=True)
class AssetOfSite:
    """An asset of one partner's site, and the most power it can take or give, W, None where nobody knows."""

    partner_id: str
    site_id: str
    asset_id: str
    rating_w: float | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.partner_id, self.site_id, self.asset_id


def asset_quarters(
    asset: AssetOfSite, from_s: float, at_s: float, *, read: ReadingsOf, memory: QuarterMemory
) -> QuarterEnergies:
    """The quarter-hours from `from_s` to the one that runs at `at_s`, epoch seconds.

    The last 26 h are those of `site.metering`. Older ones come from the memory where it has been filled within a day:
    a month of readings a minute apart takes longer to read than a plan to make (docs/ingest.md). Of those only whole
    quarter-hours are known, and their findings are gone.
    """
    first_s = -(-from_s // QUARTER_S) * QUARTER_S
    known = memory.recall(asset.key)
    if known is None or not _serves(known, first_s, at_s):
        whole = _read(asset, first_s, at_s, read)
        memory.keep(asset.key, _remembered(whole, at_s))
        return whole
    old_until_s = _end_s(known, at_s) - OVERLAP_S
    joined = _joined(known, first_s, _read(asset, old_until_s, at_s, read))
    memory.keep(asset.key, _remembered(joined, known.read_whole_s))
    return joined


def _serves(known: RememberedQuarters, first_s: float, at_s: float) -> bool:
    is_recent = 0 <= at_s - known.read_whole_s < WHOLE_EVERY_S
    return is_recent and known.first_s <= first_s < _end_s(known, at_s) - OVERLAP_S


def _end_s(known: RememberedQuarters, at_s: float) -> float:
    return min(known.first_s + len(known.energy_wh) * QUARTER_S, at_s // QUARTER_S * QUARTER_S)


def _read(asset: AssetOfSite, from_s: float, at_s: float, read: ReadingsOf) -> QuarterEnergies:
    span = Span(int((from_s - LARGEST_GAP_S) * MICROSECONDS), int(at_s * MICROSECONDS) + 1)
    return quarter_energies(read(*asset.key, span), from_s, at_s, asset.rating_w)


def _joined(known: RememberedQuarters, first_s: float, fresh: QuarterEnergies) -> QuarterEnergies:
    skipped, until = (
        int((moment_s - known.first_s) // QUARTER_S) for moment_s in (first_s, float(fresh.start_s[0]))
    )
    old_wh = known.energy_wh[skipped:until].astype(np.float64)
    covered_ratio = np.where(np.isnan(old_wh), 0.0, 1.0)
    return QuarterEnergies(
        np.concatenate([first_s + QUARTER_S * np.arange(len(old_wh)), fresh.start_s]),
        np.concatenate([old_wh, fresh.energy_wh]),
        np.concatenate([covered_ratio, fresh.covered_ratio]),
        np.concatenate([np.zeros_like(old_wh), fresh.from_power_ratio]),
        fresh.findings,
    )


def _remembered(quarters: QuarterEnergies, read_whole_s: float) -> RememberedQuarters:
    whole_wh = np.where(quarters.is_known, quarters.energy_wh, np.nan)
    return RememberedQuarters(float(quarters.start_s[0]), whole_wh.astype(np.float32), read_whole_s)
