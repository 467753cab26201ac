"""The cars of a plan: those that are there, with what they did not say predicted, and those that are expected."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.forecasting.charging_session import PresentSession
from kwartier.forecasting.expected_arrivals import expected_arrivals
from kwartier.forecasting.session_forecast import SessionForecast, forecast_session
from kwartier.planning.request import ExpectedSession
from kwartier.service.plan_assembly.facts import SiteFacts
from kwartier.service.plan_assembly.forecasts import site_place
from kwartier.service.plan_assembly.overrides import hastened, overridden, override_note, override_of
from kwartier.service.session_override import SessionOverride
from kwartier.site.devices import ChargingPole3Phase, DcChargingPole
from kwartier.site.transaction import Transaction
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import QUARTER_S, epoch_s, from_epoch_s

# Less is a plug that did not hold; a session of the public series has a hundred times as much.
LEAST_ENERGY_WH = 100.0


@dataclass(frozen=True)
class PredictedSession:
    """A session as it is planned, and in words what of it is predicted; `forecast` is None where it said everything.

    `told` is what its messages say, and `expected` the same with a departure and an energy; `transaction` differs from
    that where it is to charge now. `override` is what was decided about it, None where it is planned as it told.
    """

    told: Transaction
    expected: Transaction
    transaction: Transaction
    forecast: SessionForecast | None
    note: str | None
    override: SessionOverride | None


def pole_names(facts: SiteFacts) -> list[str]:
    """The charging poles of the site in the order of its document."""
    configuration = facts.site.configurations.site_configuration
    devices = configuration.device_list if configuration else ()
    return [device.name for device in devices if isinstance(device, ChargingPole3Phase | DcChargingPole)]


def predicted_sessions(facts: SiteFacts) -> list[PredictedSession]:
    """The sessions at the site's poles in a fixed order, with a departure and an energy for each.

    What was decided about a session counts, else what the car or its driver said. The battery's size and charge count
    as having said the energy: the planner knows what they leave.
    """
    poles = set(pole_names(facts))
    ordered = sorted(facts.transactions, key=lambda one: (one.asset_id, one.transaction_id))
    return [_decided(one, facts) for one in ordered if one.asset_id in poles]


def expected_sessions(facts: SiteFacts, end: datetime) -> tuple[list[ExpectedSession], tuple[str, ...]]:
    """The cars that are likely to come before `end`, and where that comes from in words."""
    place = site_place(facts)
    arrivals = [
        one
        for one in expected_arrivals(
            epoch_s(facts.at),
            epoch_s(end),
            facts.past_sessions,
            pole_names(facts),
            place.timezone,
            place.country,
        )
        if one.energy_wh >= LEAST_ENERGY_WH
    ]
    sessions = [
        ExpectedSession(
            asset_id=one.pole,
            transaction_id=f"expected-{number}",
            timestamp=facts.at,
            transaction_state="Started",
            start_time=from_epoch_s(round(one.start_s)),
            departure_time=from_epoch_s(round(one.departure_s)),
            requested_energy=round(one.energy_wh, 1),
            weight=round(one.weight, 4),
        )
        for number, one in enumerate(arrivals, start=1)
    ]
    if not arrivals:
        return [], ()
    cars = sum(one.weight for one in sessions)
    return sessions, (f"expected cars: {cars:.1f} until {format_instant(end)}, {arrivals[0].source}",)


def _decided(message: Transaction, facts: SiteFacts) -> PredictedSession:
    override = override_of(message, facts)
    expected, forecast, note = _predicted(overridden(message, override), facts)
    notes = [one for one in (note, override_note(message, override)) if one is not None]
    planned = hastened(expected, override, facts)
    return PredictedSession(message, expected, planned, forecast, "; ".join(notes) or None, override)


def says_energy(message: Transaction) -> bool:
    """Whether a session's messages say what it wants, or let it be known."""
    has_battery = message.battery_capacity is not None and message.state_of_charge is not None
    return message.requested_energy is not None or has_battery


def _predicted(
    message: Transaction, facts: SiteFacts
) -> tuple[Transaction, SessionForecast | None, str | None]:
    """The message with what it does not say predicted, the forecast for that, and a note on it."""
    if message.departure_time is not None and says_energy(message):
        return message, None, None
    forecast = _forecast(message, facts)
    # A quarter-hour is the least that a plan can do something with.
    departure_s = max(forecast.planned_departure_s, epoch_s(facts.at) + QUARTER_S)
    told: dict[str, datetime | float] = {}
    if message.departure_time is None:
        told["departure_time"] = from_epoch_s(round(departure_s))
    if not says_energy(message):
        told["requested_energy"] = round(forecast.planned_energy_wh, 1)
    note = f"{message.asset_id}: {_note(message, told, forecast)}"
    return message.model_copy(update=told), forecast, note


def _forecast(message: Transaction, facts: SiteFacts) -> SessionForecast:
    configuration = facts.site.configurations.site_configuration
    devices = configuration.device_list if configuration else ()
    start_s, place = epoch_s(message.start_time), site_place(facts)
    present = PresentSession(
        pole=message.asset_id,
        badge=message.id_tag,
        start_s=start_s,
        # A reservation has not begun.
        at_s=max(start_s, epoch_s(facts.at)),
        charged_wh=message.energy_charged or 0.0,
        is_dc=any(
            isinstance(device, DcChargingPole) and device.name == message.asset_id for device in devices
        ),
    )
    return forecast_session(present, facts.past_sessions, place.timezone, place.country)


def _note(message: Transaction, told: dict[str, datetime | float], forecast: SessionForecast) -> str:
    parts = []
    departure, energy_wh = told.get("departure_time"), told.get("requested_energy")
    if isinstance(departure, datetime):
        parts.append(f"departure {format_instant(departure)} (P10)")
    if isinstance(energy_wh, float):
        what = "mean" if forecast.quality == "good" else "P90"
        parts.append(f"{energy_wh / 1000:.1f} kWh ({what})")
    return f"transaction {message.transaction_id} has predicted {' and '.join(parts)}: {forecast.source}"
