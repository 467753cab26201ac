"""The energy price of every step, from the request's own prices or the site's contract."""

from datetime import tzinfo

import numpy as np
import numpy.typing as npt

from kwartier.planning.grid_tariff import GridTariff
from kwartier.planning.request import PlanRequest
from kwartier.planning.series import cells_of, with_gaps
from kwartier.site.contracts import DynamicContract
from kwartier.site.finding import Finding
from kwartier.tariffs.contracts import PriceTable, contract_prices
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import StepGrid

FloatArray = npt.NDArray[np.float64]


def _direct_prices(request: PlanRequest, grid: StepGrid) -> PriceTable | list[Finding]:
    assert request.prices is not None  # noqa: S101  # the caller has looked
    given = request.prices
    start_s = epoch_s(given.start)
    offtake = cells_of(
        "prices (offtake)",
        "$.prices.offtake_eur_per_mwh",
        start_s,
        given.resolution,
        with_gaps(given.offtake_eur_per_mwh),
        grid,
    )
    injection = cells_of(
        "prices (injection)",
        "$.prices.injection_eur_per_mwh",
        start_s,
        given.resolution,
        with_gaps(given.injection_eur_per_mwh),
        grid,
    )
    if isinstance(offtake, Finding) or isinstance(injection, Finding):
        return [result for result in (offtake, injection) if isinstance(result, Finding)]
    return PriceTable(offtake, injection)


def _day_ahead(request: PlanRequest, grid: StepGrid) -> FloatArray | Finding:
    if request.day_ahead is None:
        return Finding(
            rule="prices.day_ahead_missing",
            severity="ERROR",
            path="$.day_ahead",
            message="The dynamic contract needs day_ahead prices for the horizon; add day_ahead or prices.",
            observed=None,
            allowed="day_ahead {start, resolution, eur_per_mwh} that covers the horizon",
        )
    known = request.day_ahead
    return cells_of(
        "day_ahead",
        "$.day_ahead.eur_per_mwh",
        epoch_s(known.start),
        known.resolution,
        with_gaps(known.eur_per_mwh),
        grid,
    )


def with_tariff(contract: PriceTable | None, tariff: GridTariff) -> PriceTable | None:
    """What a MWh costs in each step with grid and levies, and what one pays that is injected; None without prices."""
    if contract is None:
        return contract
    return PriceTable(
        contract.offtake_eur_per_mwh + tariff.grid_offtake_eur_per_mwh + tariff.levies_eur_per_mwh,
        contract.injection_eur_per_mwh - tariff.grid_injection_eur_per_mwh,
    )


def step_prices(request: PlanRequest, grid: StepGrid, timezone: tzinfo) -> PriceTable | list[Finding] | None:
    """Prices per step in EUR/MWh, before grid and levies; None where neither prices nor a contract are known.

    Findings where they have gaps.
    """
    if request.prices is not None:
        table = _direct_prices(request, grid)
        if isinstance(table, list):
            return table
    else:
        contract = request.site.configurations.contract
        if contract is None:
            return None
        day_ahead = _day_ahead(request, grid) if isinstance(contract, DynamicContract) else None
        if isinstance(day_ahead, Finding):
            return [day_ahead]
        starts_s = grid.cell_boundary_s[:-1]
        table = contract_prices(contract, starts_s, day_ahead, request.site.configurations.dso, timezone)
    return PriceTable(
        np.asarray(grid.mean_of_cells(table.offtake_eur_per_mwh)),
        np.asarray(grid.mean_of_cells(table.injection_eur_per_mwh)),
    )
