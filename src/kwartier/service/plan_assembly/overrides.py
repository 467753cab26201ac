"""What an override makes of a session before it is planned."""

from datetime import timedelta

from kwartier.planning.blocks.charging_pole_3phase import ac_amps_by_point, used_pins
from kwartier.service.plan_assembly.facts import SiteFacts
from kwartier.service.session_override import SessionKey, SessionOverride
from kwartier.site.devices import ChargingPole3Phase, DcChargingPole
from kwartier.site.document import SiteConfiguration
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.units.instant import format_instant

_WORDS = {
    "charge_now": "charges as soon as it can",
    "leave_at": "leaves at {leaves}",
    "minimum": "gets at least {minimum_kwh:.1f} kWh",
    "as_told": "is planned as it told",
}


def override_of(message: Transaction, facts: SiteFacts) -> SessionOverride | None:
    """The override in force for a session; None where it is planned as it told."""
    found = facts.overrides.get(SessionKey(message.asset_id, message.transaction_id))
    return None if found is None or found.wish == "as_told" else found


def overridden(message: Transaction, override: SessionOverride | None) -> Transaction:
    """The message as if the car had told the departure or the minimum; what was overridden need not be predicted."""
    if override is None:
        return message
    if override.wish == "leave_at":
        return message.model_copy(update={"departure_time": override.departure_time})
    if override.wish == "minimum":
        return message.model_copy(update={"minimum_energy": override.minimum_energy_wh})
    return message


def hastened(message: Transaction, override: SessionOverride | None, facts: SiteFacts) -> Transaction:
    """A session that is to charge now, with its energy as a minimum, due at the first moment at which it can be there.

    The deadline has no slack: with any, each new plan could begin later. Where other cars' minimums or a fuse leave too
    little, the next plan sets the next deadline. `message` has a departure and an energy.
    """
    if override is None or override.wish != "charge_now":
        return message
    charged_wh = message.energy_charged or 0.0
    whole_wh = whole_energy_wh(message)
    power_w = full_power_w(message, facts.site.configurations.site_configuration)
    if power_w <= 0.0:
        return message
    begins = max(facts.at, message.start_time)
    due = begins + timedelta(seconds=-(-max(0.0, whole_wh - charged_wh) * 3600.0 // power_w))
    told = message.departure_time or due
    return message.model_copy(
        update={
            "departure_time": min(told, due) if told > begins else told,
            "requested_energy": whole_wh,
            "minimum_energy": whole_wh,
        }
    )


def override_note(message: Transaction, override: SessionOverride | None) -> str | None:
    """In words what was decided, by whom and when; None where nothing was."""
    if override is None:
        return None
    leaves = "" if override.departure_time is None else format_instant(override.departure_time)
    words = _WORDS[override.wish].format(
        leaves=leaves, minimum_kwh=(override.minimum_energy_wh or 0.0) / 1000.0
    )
    asked = format_instant(override.asked_at)
    session = f"{message.asset_id}: transaction {message.transaction_id}"
    return f"{session} {words}, as {override.asked_by} decided at {asked}"


def whole_energy_wh(message: Transaction) -> float:
    """What a session wants in all, Wh; it says what it asks for, or its battery's size and state of charge."""
    if message.requested_energy is not None:
        return max(message.requested_energy, message.minimum_energy or 0.0)
    charged_wh = message.energy_charged or 0.0
    assert message.battery_capacity is not None  # noqa: S101  # else its energy has been predicted
    left_percent = 100.0 - (message.state_of_charge or 0.0)
    return charged_wh + message.battery_capacity * left_percent / 100.0


def full_power_w(message: Transaction, configuration: SiteConfiguration | None) -> float:
    """The most that this car can take at its pole, W."""
    devices = configuration.device_list if configuration else ()
    device = next((one for one in devices if one.name == message.asset_id), None)
    most_w = message.max_power if message.max_power is not None else float("inf")
    if isinstance(device, DcChargingPole):
        return min(most_w, float(device.max_power))
    if isinstance(device, ChargingPole3Phase) and configuration is not None:
        board = electrical_tree(configuration).boards[device.collector]
        pins = used_pins(message, device.pin_to_phase_mapping.pin_list)
        _, watts_per_amp = ac_amps_by_point(device, board, pins, 0)
        return min(most_w, device.line_current * watts_per_amp)
    return 0.0
