"""The component `access_power`: a price per declared kW, and a dearer one per kW above it."""

from typing import Literal

from kwartier.tariffs.components.component import Component
from kwartier.tariffs.components.figure import Figure, PeakPrice


class AccessPower(Component):
    """A price on the declared access power (toegangsvermogen, kW), and on what the peaks exceed it by.

    Amount of a month = declared (kW) × price + overrun, with overrun = max(0, highest month peak of the last
    `overrun_memory_months` months, the billing month included, − declared) (kW) × overrun_price; both prorated as the
    sheet says. They are two lines of a bill.

    Sources: fluvius.be, FAQ on the capacity tariff for large consumption (access power, 1.5 × on overrun). How long an
    overrun is charged stands in no official text; a consultant (dlv.be) says 12 months, and a real invoice of April
    2026 bills an overrun that its own month did not have. Hence `overrun_memory_months` is a figure of the sheet.
    """

    kind: Literal["access_power"]
    price: PeakPrice
    overrun_price: PeakPrice
    overrun_memory_months: Figure[Literal["month"]]

    @property
    def memory_months(self) -> int:
        """How many months, the billing month included, an overrun is charged; at least 1."""
        return max(1, int(self.overrun_memory_months.value))
