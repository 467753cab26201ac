"""What the page of a site shows of each kind of device: one file per kind, named like it."""

from kwartier.adapters.dashboard.cards import (
    battery_energy_storage_system,
    charging_pole_3phase,
    dc_charging_pole,
    forecasted_series_3phase,
)
from kwartier.adapters.dashboard.cards.card import Card

CARDS: dict[str, type[Card]] = {
    "charging_pole_3phase": charging_pole_3phase.ChargingPoleCard,
    "dc_charging_pole": dc_charging_pole.DcChargingPoleCard,
    "battery_energy_storage_system": battery_energy_storage_system.BatteryCard,
    "forecasted_series_3phase": forecasted_series_3phase.SeriesCard,
}
