"""The publishers of day-ahead prices that the settings name."""

from kwartier.adapters.prices_energy_charts.price_source import EnergyChartsPrices
from kwartier.adapters.prices_entsoe.price_source import EntsoePrices
from kwartier.app.faults import UnusableSettings
from kwartier.app.settings import Settings
from kwartier.service.ports.price_source import PriceSource


def price_sources(settings: Settings) -> tuple[PriceSource, ...]:
    """The sources in their order; raises UnusableSettings for one that lacks its key."""
    names = [name.strip() for name in settings.price_sources.split(",") if name.strip()]
    return tuple(_source(name, settings) for name in names)


def _source(name: str, settings: Settings) -> PriceSource:
    if name == "energy_charts":
        return EnergyChartsPrices()
    if settings.entsoe_api_key is None:
        raise UnusableSettings(
            "KWARTIER_PRICE_SOURCES names entsoe: set KWARTIER_ENTSOE_API_KEY, or leave it away"
        )
    return EntsoePrices(settings.entsoe_api_key.get_secret_value())
