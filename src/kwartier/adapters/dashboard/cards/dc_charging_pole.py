"""A DC charging pole with a car at it: like an AC one, told in kW."""

from kwartier.adapters.dashboard.cards.charging_pole_3phase import ChargingPoleCard


class DcChargingPoleCard(ChargingPoleCard):
    """What it is told is a power, which every card shows where there is one."""
