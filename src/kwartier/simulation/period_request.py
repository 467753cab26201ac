"""A whole period as one plan request with everything known. Needs no solver, so that a service can ask for one."""

from kwartier.planning.request import (
    BatteryState,
    DayAhead,
    PlanOptions,
    PlanRequest,
    SeriesForecast,
    SiteState,
    TariffState,
)
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.running_site import HALF_FULL_PERCENT
from kwartier.simulation.tariff_memory import highest_peak_w, year_offtake_kwh
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.tariffs.day_ahead.horizon import horizon_prices
from kwartier.units.quarter_hour import QUARTER_S


def period_request(recorded: RecordedSite, period: Period, *, with_cars: bool = True) -> PlanRequest:
    """The request of a site whose every quarter-hour is known, all in quarter-hours; its horizon is the period."""
    known = horizon_prices(period.start, period.end, recorded.price_days)
    return PlanRequest(
        site=recorded.site,
        at=period.start,
        day_ahead=DayAhead(start=known.start, eur_per_mwh=list(known.eur_per_mwh))
        if recorded.price_days
        else None,
        forecasts={name: _known_series(recorded, name, period) for name in recorded.series},
        state=SiteState(
            batteries={
                one.name: BatteryState(state_of_charge=HALF_FULL_PERCENT) for one in recorded.batteries
            }
        ),
        transactions=[_reservation(recorded, index, period) for index in _cars_of(recorded, period)]
        if with_cars
        else [],
        tariff_state=tariff_states(recorded, period),
        options=PlanOptions(resolution="PT15M"),
    )


def tariff_states(recorded: RecordedSite, period: Period) -> dict[str, TariffState]:
    """What the tariff of each connection remembers at the start of a period."""
    state = TariffState(
        highest_peak_12m_w=highest_peak_w(recorded.facts, period.start, recorded.zone),
        year_offtake_kwh=year_offtake_kwh(recorded.facts, period.start, recorded.zone),
    )
    return {root.name: state for root in electrical_tree(recorded.configuration).roots}


def _known_series(recorded: RecordedSite, name: str, period: Period) -> SeriesForecast:
    history = recorded.series[name]
    first = (period.start_s - history.first_s) // QUARTER_S
    count = (period.end_s - period.start_s) // QUARTER_S
    return SeriesForecast(start=period.start, power_w=history.power_w[first : first + count].tolist())


def _cars_of(recorded: RecordedSite, period: Period) -> list[int]:
    return [index for index, car in enumerate(recorded.cars) if period.start <= car.arrival < period.end]


def _reservation(recorded: RecordedSite, index: int, period: Period) -> Transaction:
    car = recorded.cars[index]
    return Transaction(
        asset_id=car.asset_id,
        transaction_id=car.transaction_id,
        timestamp=period.start,
        transaction_state="Started",
        start_time=car.arrival,
        departure_time=car.departure,
        no_charging_phases=car.phase_count,
        max_power=car.largest_w,
        requested_energy=car.requested_wh,
        energy_charged=car.charged_before_wh,
    )
