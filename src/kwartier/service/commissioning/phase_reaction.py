"""Which phase of a meter moves when a device's pin does, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kwartier.service.commissioning.pin_powers import PinPowers

FloatArray = npt.NDArray[np.float64]

# A pin moves when its power changes by more than 2 A x 230 V between two readings: less is a heater's thermostat.
LEAST_MOVE_W = 460.0
# It moves alone when the other pins move by at most a fifth of that; three pins that move together tell nothing apart.
ALONE_SHARE = 0.2
# With fewer moves the scatter of a meter's other loads is not known.
LEAST_MOVES_COUNT = 3
# A meter whose readings are further apart than this does not show which load moved.
NEAR_S = 90.0
# A pin's power appears wholly on its phase; with much less or more of it something else moved.
PLAUSIBLE_SHARE = (0.5, 1.5)


@dataclass(frozen=True)
class PinReaction:
    """What the meter's phases did when one pin moved alone, `moves_count` times.

    `share_by_place` is what of the pin's power appeared on L1, L2 and L3: 1 on its own phase, 0 on the others.
    `place` is the phase that reacts most, 0 for L1; `certainty_ratio` how sure it is that it is that one, 0.5 to 1.
    Both are None with too few moves, or where none of the phases shows the pin's power.
    """

    pin_place: int
    moves_count: int
    share_by_place: tuple[float, ...] = ()
    place: int | None = None
    certainty_ratio: float | None = None


def pin_reactions(device: PinPowers, meter: PinPowers) -> list[PinReaction]:
    """The reaction to each pin that the device names, from the readings of both over the same time."""
    moves_w = np.diff(device.power_w, axis=0)
    meter_w = np.diff(meter.power_at_w(device.time_s, NEAR_S), axis=0)
    is_seen = ~np.isnan(meter_w).any(axis=1)
    return [_reaction(place, moves_w[is_seen], meter_w[is_seen]) for place in sorted(device.named_indices)]


def _reaction(pin_place: int, moves_w: FloatArray, meter_w: FloatArray) -> PinReaction:
    own_w = moves_w[:, pin_place]
    others_w = np.abs(np.delete(moves_w, pin_place, axis=1)).max(axis=1, initial=0.0)
    alone = (np.abs(own_w) >= LEAST_MOVE_W) & (others_w <= ALONE_SHARE * np.abs(own_w))
    count = int(alone.sum())
    if count < LEAST_MOVES_COUNT:
        return PinReaction(pin_place, count)
    move_w, seen_w = own_w[alone], meter_w[alone]
    weight = float((move_w**2).sum())
    shares = move_w @ seen_w / weight
    rest_w = seen_w - move_w[:, None] * shares
    error_shares = np.sqrt((rest_w**2).sum(axis=0) / (count - 1) / weight)
    place, second = (int(one) for one in np.argsort(shares)[::-1][:2])
    told = tuple(round(float(share), 3) for share in shares)
    if not PLAUSIBLE_SHARE[0] <= shares[place] <= PLAUSIBLE_SHARE[1]:
        return PinReaction(pin_place, count, told)
    return PinReaction(
        pin_place,
        count,
        told,
        place,
        _certainty_ratio(
            float(shares[place] - shares[second]), float(np.hypot(*error_shares[[place, second]]))
        ),
    )


def _certainty_ratio(ahead_share: float, error_share: float) -> float:
    """How sure it is that one share is truly larger than another, 0.5 to 0.999.

    By Cantelli's inequality, which holds for scatter of any shape: of few moves nobody knows the shape.

    >>> _certainty_ratio(1.0, 0.5)
    0.8
    """
    if error_share <= 0.0:
        return 0.999
    distance = ahead_share / error_share
    return min(0.999, max(0.5, distance**2 / (1.0 + distance**2)))
