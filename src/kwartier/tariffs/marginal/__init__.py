"""What one more kWh and one more kW cost: the components of a tariff as a planner sees them, one kind per file."""

from kwartier.tariffs.marginal.asked import Memory
from kwartier.tariffs.marginal.charges import EnergyCharge, PeakCharge
from kwartier.tariffs.marginal.month_tariff import HeldComponent, MonthTariff, TariffByMonth
from kwartier.tariffs.marginal.site_tariff import tariff_of
from kwartier.tariffs.marginal.view import MARGINAL_BY_KIND, MarginalView, marginal_view

__all__ = [
    "MARGINAL_BY_KIND",
    "EnergyCharge",
    "HeldComponent",
    "MarginalView",
    "Memory",
    "MonthTariff",
    "PeakCharge",
    "TariffByMonth",
    "marginal_view",
    "tariff_of",
]
