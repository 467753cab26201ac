"""The levies of a month and its rate of value added tax."""

from dataclasses import replace
from decimal import Decimal

from kwartier.site.dso import Dso
from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.billing.components import levy_lines
from kwartier.tariffs.billing.facts import Customer
from kwartier.tariffs.levies import Levies, area_of, levies_for
from kwartier.tariffs.sheet import Voltage
from kwartier.tariffs.sheet_combination import VOLTAGE_BY_CONNECTION_TYPE, combination_of
from kwartier.tariffs.sheets import TariffSheets

# Value added tax on electricity where no area is known to ask its levy file: 21 % for a business, 6 % for a household
# (permanent since 1 April 2023; tariffs facts 5, two secondary sources).
VAT_SHARE: dict[Customer, Decimal] = {"business": Decimal("0.21"), "household": Decimal("0.06")}
_PERCENT = 100


def levies_of_month(dso: Dso, billed: BilledMonth, sheets: TariffSheets) -> Levies | None:
    """The levies that hold in the month, with a warning for each that is not known; None for an unknown operator."""
    area, voltage = area_of(dso), voltage_of(dso)
    if area is None or voltage is None:
        return None
    customer = billed.facts.customer
    found = levies_for(area, voltage, customer, billed.first_day, billed.last_day, sheets.levy_files)
    for finding in found.unknown:
        billed.warn(finding.message, f"levy {finding.observed}")
    return found


def voltage_of(dso: Dso) -> Voltage | None:
    """The voltage of a connection by its type's name, None where that is not known."""
    combination = combination_of(dso)
    return VOLTAGE_BY_CONNECTION_TYPE.get(combination.connection_type) if combination is not None else None


def lines_of_levies(levies: Levies, billed: BilledMonth) -> list[BillLine]:
    """The lines of all levies; an amount that holds for a part of the month counts that part's days."""
    return [
        line
        for amount in levies.amounts
        for line in levy_lines(
            amount.component,
            replace(billed, first_day=amount.first, last_day=amount.last, sources=amount.sources),
        )
    ]


def vat_share(levies: Levies | None, billed: BilledMonth) -> Decimal:
    """The rate of the month's last day as a share of 1."""
    rates = () if levies is None else levies.vat
    held = [rate.rate_percent / _PERCENT for rate in rates if rate.first <= billed.last_day <= rate.last]
    return held[0] if held else VAT_SHARE[billed.facts.customer]
