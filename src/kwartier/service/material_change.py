"""Whether a transaction's news change what the best plan is."""

from kwartier.site.transaction import Transaction

# What a plan is made of besides the energy charged: that goes on as planned, or the guard sees that it does not.
_PLANNED_BY = (
    "transaction_state",
    "start_time",
    "stop_time",
    "departure_time",
    "requested_energy",
    "minimum_energy",
    "battery_capacity",
    "max_power",
    "no_charging_phases",
    "used_charging_pins",
)


def is_material(before: Transaction | None, after: Transaction) -> bool:
    """Whether the message that counts now says something else to plan by than the one before; None: there was none.

    >>> told = dict(asset_id="pole", transaction_id="7", start_time="2025-03-03T08:00:00Z")
    >>> at_start = Transaction(**told, timestamp="2025-03-03T08:00:00Z", transaction_state="Updated")
    >>> later = at_start.model_copy(update={"energy_charged": 4000.0})
    >>> is_material(None, at_start), is_material(at_start, later)
    (True, False)
    """
    return before is None or any(getattr(before, name) != getattr(after, name) for name in _PLANNED_BY)
