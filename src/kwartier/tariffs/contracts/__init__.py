"""The price of each contract kind, one file each, named as in `site.contracts`."""

from kwartier.tariffs.contracts.price_table import PriceTable, contract_prices

__all__ = ["PriceTable", "contract_prices"]
