"""What one asset of a site sends, and on which phase its pins seem to hang."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kwartier.units.phase import PhaseName

Role = Literal["device", "collector", "unknown"]
"""A device or a collector of the site document, or something that sends data and stands in neither list."""

PhaseVerdict = Literal["confirmed", "likely", "differs", "not_yet"]

# A verdict that costs an electrician a visit should be wrong once in twenty times at most.
LIKELY_FROM_RATIO, SURE_FROM_RATIO = 0.8, 0.95


@dataclass(frozen=True)
class PhaseCheck:
    """One pin: the phase of a meter above it on which it should hang by the document, and the one that reacts.

    `reacting` and `certainty_ratio` (0.5 to 1) are None while the pin has moved alone too few times.
    """

    pin: str
    meter: str
    expected: PhaseName
    reacting: PhaseName | None
    certainty_ratio: float | None
    moves_count: int

    @property
    def verdict(self) -> PhaseVerdict:
        """What to make of it: an answer that is not sure enough contradicts nothing."""
        if self.reacting is None or (self.certainty_ratio or 0.0) < LIKELY_FROM_RATIO:
            return "not_yet"
        is_sure = (self.certainty_ratio or 0.0) >= SURE_FROM_RATIO
        if self.reacting != self.expected:
            return "differs" if is_sure else "not_yet"
        return "confirmed" if is_sure else "likely"


@dataclass(frozen=True)
class LastReading:
    """The last reading of an asset: when, its power in W, its state of charge in percent, the pins it names."""

    measured_at: datetime
    power_w: float
    charge_percent: float | None
    pins: tuple[str, ...]


@dataclass(frozen=True)
class AssetReport:
    """One asset of a site. `interval_s` is the usual time between its readings in the last hour, None where unknown.

    `must_send` says whether planning needs its measurements.
    """

    name: str
    role: Role
    kind: str
    collector: str | None
    must_send: bool
    last: LastReading | None
    interval_s: float | None
    phases: tuple[PhaseCheck, ...] = ()
