"""Quarter-hours made of measurements, remembered so that the next plan reads the last hours only."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

# 22 kB each with eight weeks of quarter-hours: 170 MB when all are in use, as of a fleet of some thousand sites.
MOST_ASSETS_COUNT = 8_000


@dataclass(frozen=True)
class RememberedQuarters:
    """Energies of an asset's quarter-hours from `first_s` on, Wh, NaN where not known whole, shape (n,).

    `read_whole_s` is the moment (epoch seconds) at which all of them were made of measurements.
    """

    first_s: float
    energy_wh: npt.NDArray[np.float32]
    read_whole_s: float


class QuarterMemory:
    """Remembers the assets that were asked for last. Several threads may use it; each process has one of its own."""

    def __init__(self, most_count: int = MOST_ASSETS_COUNT) -> None:
        self._most_count = most_count
        self._by_asset: OrderedDict[tuple[str, str, str], RememberedQuarters] = OrderedDict()
        self._lock = Lock()

    def recall(self, asset: tuple[str, str, str]) -> RememberedQuarters | None:
        """What is remembered of an asset (partner, site, asset)."""
        with self._lock:
            if asset in self._by_asset:
                self._by_asset.move_to_end(asset)
            return self._by_asset.get(asset)

    def keep(self, asset: tuple[str, str, str], quarters: RememberedQuarters) -> None:
        """Remember an asset's quarter-hours, and forget those that nobody has asked for the longest."""
        with self._lock:
            self._by_asset[asset] = quarters
            self._by_asset.move_to_end(asset)
            while len(self._by_asset) > self._most_count:
                self._by_asset.popitem(last=False)
