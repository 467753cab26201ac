"""What a session's energy cost, and how much of it was sun: quarter-hour by quarter-hour, measured or planned."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SessionAccount:
    """Energy that is known, Wh, and of it the cost, EUR without VAT, and the share of sun, 0 to 1.

    None where nothing of it is known; `priced_wh` is the energy that has a price.
    """

    energy_wh: float
    priced_wh: float
    cost_eur: float | None
    sun_share: float | None


@dataclass(frozen=True)
class Surroundings:
    """The connection of a session's pole in the same quarter-hours, each of shape (n,), NaN where it is not known.

    `net_wh` is what the connection took (negative: injected), `sun_wh` what the roofs below it gave and `discharged_wh`
    what batteries did, both at least 0.
    """

    net_wh: FloatArray
    sun_wh: FloatArray
    discharged_wh: FloatArray
    offtake_eur_per_mwh: FloatArray
    injection_eur_per_mwh: FloatArray


def session_account(energy_wh: FloatArray, around: Surroundings) -> SessionAccount:
    """The account of one session's energies per quarter-hour, Wh, shape (n,), NaN where not known.

    What runs in a quarter-hour has the same share of its sun: what the roofs gave over all that was consumed. A kWh of
    sun costs what injecting it would have brought, another one the offtake price.

    >>> half_sun = Surroundings(*map(np.array, ([1_000.0], [1_000.0], [0.0], [200.0], [50.0])))
    >>> session_account(np.array([500.0]), half_sun)
    SessionAccount(energy_wh=500.0, priced_wh=500.0, cost_eur=0.0625, sun_share=0.5)
    """
    share = _sun_share(around)
    # Without a meter above it nobody knows of any sun; the offtake price is what the energy cost at most.
    known_share = np.nan_to_num(share)
    price = (1.0 - known_share) * around.offtake_eur_per_mwh + known_share * around.injection_eur_per_mwh
    charged = ~np.isnan(energy_wh) & (energy_wh > 0.0)
    priced = charged & ~np.isnan(price)
    shared = charged & ~np.isnan(share)
    shared_wh = float(energy_wh[shared].sum())
    return SessionAccount(
        energy_wh=float(energy_wh[charged].sum()),
        priced_wh=float(energy_wh[priced].sum()),
        cost_eur=float((energy_wh[priced] * price[priced]).sum()) / 1e6 if priced.any() else None,
        sun_share=float((energy_wh[shared] * share[shared]).sum()) / shared_wh if shared_wh > 0.0 else None,
    )


def together(one: SessionAccount, other: SessionAccount) -> SessionAccount:
    """The account of both parts of a session, what was and what is planned."""
    costs = [part.cost_eur for part in (one, other) if part.cost_eur is not None]
    suns = [(part.sun_share, part.energy_wh) for part in (one, other) if part.sun_share is not None]
    sun_wh = sum(energy_wh for _, energy_wh in suns)
    return SessionAccount(
        one.energy_wh + other.energy_wh,
        one.priced_wh + other.priced_wh,
        sum(costs) if costs else None,
        sum(share * energy_wh for share, energy_wh in suns) / sun_wh if sun_wh > 0.0 else None,
    )


def _sun_share(around: Surroundings) -> FloatArray:
    consumed_wh = around.net_wh + around.sun_wh + around.discharged_wh
    share = np.full_like(consumed_wh, np.nan)
    np.divide(around.sun_wh, consumed_wh, out=share, where=consumed_wh > 0.0)
    return np.clip(share, 0.0, 1.0)
