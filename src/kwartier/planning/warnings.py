"""What was missing and is assumed, and what cannot be followed: said in words, never silently."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from kwartier.planning.peaks import PeakTerm
from kwartier.planning.request import PlanRequest
from kwartier.planning.sessions import LEAST_AC_CURRENT_A, Session, latest_messages
from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.transaction import Transaction
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import from_epoch_s
from kwartier.units.step_grid import StepGrid


def _device_warnings(request: PlanRequest) -> Iterator[str]:
    configuration = request.site.configurations.site_configuration
    for device in configuration.device_list if configuration else ():
        if isinstance(device, ForecastedSeries3Phase):
            forecast = request.forecasts.get(device.name)
            if forecast is None:
                yield f"{device.name}: no forecast; 0 W assumed"
            elif device.forecast_type == "pv" and _total_wh_like(forecast.power_w) > 0.0:
                yield (
                    f"{device.name}: its PV forecast is positive, which means consumption; "
                    "production is written as negative power"
                )
        elif isinstance(device, BatteryEnergyStorageSystem):
            state = request.state.batteries.get(device.name)
            if state is None or state.state_of_charge is None:
                yield f"{device.name}: state of charge unknown; the battery stays idle"


def _total_wh_like(power_w: object) -> float:
    """Sum of all values of a series, whatever its shape; only the sign is used."""
    rows = power_w.values() if isinstance(power_w, dict) else [power_w]
    return float(sum(value for row in rows if isinstance(row, list) for value in row if value is not None))


def _price_warnings(request: PlanRequest) -> Iterator[str]:
    optimisation = request.site.configurations.optimization_configuration
    if optimisation is None:
        yield "the site has no optimization_configuration; defaults are used (cost minimisation, one day, no peaks)"
    known = request.prices if request.prices is not None else request.day_ahead
    if request.prices is None and request.site.configurations.contract is None:
        yield "no prices and no contract: energy costs nothing in this plan, charging is early"
    if known is not None and known.estimated_from is not None:
        yield f"prices from {format_instant(known.estimated_from)} on are an estimate"
    if optimisation is None or request.options.configurable_peak_price:
        return
    for name, setting in (
        ("peak_minimization", optimisation.peak_minimization),
        ("negative_peak_minimization", optimisation.negative_peak_minimization),
    ):
        if setting is not None and setting.active and setting.peak_price is not None:
            yield f"{name}.peak_price is not used: the feature flag configurable_peak_price is off"


def _peak_warnings(request: PlanRequest, counted_in_total: AbstractSet[str]) -> Iterator[str]:
    """Totals that are spread over the phases; of the roots `counted_in_total` the offtake is needed in total only."""
    for root, peaks in request.state.month_peaks.items():
        spread = root not in counted_in_total
        if (spread and peaks.offtake_w > 0 and peaks.offtake_w_per_phase is None) or (
            peaks.injection_w > 0 and peaks.injection_w_per_phase is None
        ):
            yield f"{root}: month peaks are known in total only; spread evenly over the phases"
    for root, so_far in request.state.quarter_so_far.items():
        spread = root not in counted_in_total
        if (spread and so_far.offtake_wh > 0 and so_far.offtake_wh_per_phase is None) or (
            so_far.injection_wh > 0 and so_far.injection_wh_per_phase is None
        ):
            yield f"{root}: energy of the running quarter-hour known in total only; spread evenly over the phases"


def _message_warnings(message: Transaction, session: Session, at_s: float) -> Iterator[str]:
    name = f"{session.asset_id}: transaction {session.transaction_id}"
    if message.departure_time is None:
        yield f"{name}: departure unknown; {format_instant(from_epoch_s(session.departure_s))} assumed"
    if message.requested_energy is None:
        source = (
            "its battery's free capacity"
            if message.battery_capacity and message.state_of_charge is not None
            else ("full power until departure, at most 40 kWh")
        )
        yield f"{name}: requested energy unknown; {session.remaining_wh / 1000.0:.1f} kWh assumed ({source})"
    if session.departure_s <= max(at_s, session.start_s):
        yield f"{name}: its departure has passed; nothing is planned for it"
    elif session.is_ac and session.level_max / session.weight < LEAST_AC_CURRENT_A:
        yield f"{name}: at most {session.level_max / session.weight:.1f} A, less than the 6 A a car needs to charge"


def request_warnings(
    request: PlanRequest, sessions: Sequence[Session], grid: StepGrid, peaks: Sequence[PeakTerm]
) -> list[str]:
    """Everything assumed or not followed, site first, then prices, then cars."""
    in_total = {term.root for term in peaks if term.source is not None}
    by_key = {(session.expected, session.transaction_id): session for session in sessions}
    warnings = [*_device_warnings(request), *_price_warnings(request), *_peak_warnings(request, in_total)]
    for message in sorted(latest_messages(request.transactions), key=lambda one: one.transaction_id):
        session = by_key[False, message.transaction_id]
        warnings += _message_warnings(message, session, float(grid.boundary_s[0]))
    return warnings
