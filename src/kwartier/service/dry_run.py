"""Whether a site is only tried out: planned and judged as always, while its devices are told nothing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DryRun:
    """The setting, and since when it is so."""

    is_on: bool
    changed_at: datetime
