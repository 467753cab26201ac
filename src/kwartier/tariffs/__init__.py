"""What energy costs: contracts, grid sheets, levies, and the bill: `kwartier.tariffs.bill(site, meter, month)`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kwartier.tariffs.billing import Bill, BillFacts, CannotBill, DayAheadPrices, bill
    from kwartier.tariffs.meter import LocalMonth, MeterSeries

__all__ = ["Bill", "BillFacts", "CannotBill", "DayAheadPrices", "LocalMonth", "MeterSeries", "bill"]

_HOME_BY_NAME = {
    "Bill": "kwartier.tariffs.billing",
    "BillFacts": "kwartier.tariffs.billing",
    "CannotBill": "kwartier.tariffs.billing",
    "DayAheadPrices": "kwartier.tariffs.billing",
    "LocalMonth": "kwartier.tariffs.meter",
    "MeterSeries": "kwartier.tariffs.meter",
    "bill": "kwartier.tariffs.billing",
}


def __getattr__(name: str) -> Any:
    """A public name, from the module it lives in: the planner, which needs contracts alone, does not load the bill."""
    if name not in _HOME_BY_NAME:
        raise AttributeError(
            f"module 'kwartier.tariffs' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    return getattr(import_module(_HOME_BY_NAME[name]), name)
