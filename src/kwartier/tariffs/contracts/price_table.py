"""From a contract to a price per interval."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt

from kwartier.site.contracts import Contract, DayNightBeContract, DynamicContract, FixedContract
from kwartier.site.dso import Dso
from kwartier.tariffs.contracts import day_night_be, dynamic, fixed

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PriceTable:
    """Energy price per interval in EUR/MWh; injection is what the site receives. Both shape (n,)."""

    offtake_eur_per_mwh: FloatArray
    injection_eur_per_mwh: FloatArray


def contract_prices(
    contract: Contract,
    start_s: FloatArray,
    day_ahead_eur_per_mwh: FloatArray | None,
    dso: Dso | None,
    timezone: tzinfo,
) -> PriceTable:
    """Prices of intervals that start at `start_s` (epoch seconds, shape (n,)), each inside one quarter-hour.

    `day_ahead_eur_per_mwh`, shape (n,), is needed by a dynamic contract. Raises ValueError where it is missing or the
    contract is of an unknown kind.
    """
    match contract:
        case FixedContract():
            offtake, injection = fixed.prices_eur_per_mwh(contract, start_s)
        case DayNightBeContract():
            offtake, injection = day_night_be.prices_eur_per_mwh(contract, start_s, dso, timezone)
        case DynamicContract():
            if day_ahead_eur_per_mwh is None:
                raise ValueError("a dynamic contract needs day_ahead prices")
            offtake, injection = dynamic.prices_eur_per_mwh(contract, day_ahead_eur_per_mwh)
        case _:
            raise ValueError(f"contract of unknown kind: {contract.contract_type!r}")
    return PriceTable(offtake, injection)
