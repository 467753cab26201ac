"""Energy prices per step, from the request's own prices or its contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from kwartier.planning.check.calendar import is_day
from kwartier.planning.check.grid import FloatArray, Grid
from kwartier.planning.check.held_values import HeldSeries, step_means
from kwartier.planning.check.unusable import UnusableRequestError
from kwartier.planning.request import RESOLUTION_S, DayAhead, DirectPrices, PlanRequest
from kwartier.site.contracts.day_night_be import DayNightBeContract
from kwartier.site.contracts.dynamic import DynamicContract
from kwartier.site.contracts.fixed import FixedContract


@dataclass(frozen=True)
class EnergyPrices:
    """EUR/MWh per step; injection is what the site receives."""

    offtake_eur_per_mwh: FloatArray
    injection_eur_per_mwh: FloatArray


def energy_prices(request: PlanRequest, grid: Grid, zone: ZoneInfo) -> EnergyPrices | None:
    """The prices of a request, None where it knows none.

    Raises UnusableRequestError for an unknown contract, one that needs day-ahead prices and has none, and gaps.
    """
    if request.prices is not None:
        prices = request.prices
        return EnergyPrices(
            _means("prices.offtake_eur_per_mwh", prices, prices.offtake_eur_per_mwh, grid),
            _means("prices.injection_eur_per_mwh", prices, prices.injection_eur_per_mwh, grid),
        )
    contract = request.site.configurations.contract
    if contract is None:
        return None
    if isinstance(contract, FixedContract):
        ones = np.ones(grid.step_count)
        return EnergyPrices(
            ones * contract.fixed_offtake_cost_per_mwh,
            ones * contract.fixed_injection_cost_per_mwh,
        )
    if isinstance(contract, DynamicContract):
        return _dynamic(contract, request.day_ahead, grid)
    if isinstance(contract, DayNightBeContract):
        return _day_night(contract, request, grid, zone)
    raise UnusableRequestError(f"contract_type {contract.contract_type!r} is unknown")


def _means(
    name: str, document: DayAhead | DirectPrices, values: Sequence[float | None], grid: Grid
) -> FloatArray:
    series = HeldSeries(name, document.start.timestamp(), RESOLUTION_S[document.resolution], values)
    return step_means(series.piece_means(grid), grid)


def _dynamic(contract: DynamicContract, day_ahead: DayAhead | None, grid: Grid) -> EnergyPrices:
    if day_ahead is None:
        raise UnusableRequestError("a dynamic contract needs day_ahead prices")
    market = _means("day_ahead", day_ahead, day_ahead.eur_per_mwh, grid)
    return EnergyPrices(
        contract.offtake_coefficient * market + contract.offtake_constant_cost_per_mwh,
        contract.injection_coefficient * market + contract.injection_constant_cost_per_mwh,
    )


def _day_night(
    contract: DayNightBeContract, request: PlanRequest, grid: Grid, zone: ZoneInfo
) -> EnergyPrices:
    branch = request.site.configurations.dso
    dso = None if branch is None else branch.dso
    # Rates change on the quarter-hour, so that a piece's start speaks for all of it.
    day = np.array([is_day(moment_s, zone, dso) for moment_s in grid.piece_start_s.tolist()])
    offtake = np.where(day, contract.day_offtake_cost_per_mwh, contract.night_offtake_cost_per_mwh)
    injection = np.where(day, contract.day_injection_cost_per_mwh, contract.night_injection_cost_per_mwh)
    return EnergyPrices(step_means(offtake, grid), step_means(injection, grid))
