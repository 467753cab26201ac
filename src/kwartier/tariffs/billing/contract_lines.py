"""The lines of the supply contract: offtake as it is paid, injection as it is paid for, per rate period."""

from datetime import UTC, datetime
from decimal import Decimal

from kwartier.site.contracts import Contract, DayNightBeContract, DynamicContract, FixedContract
from kwartier.tariffs.billing.bill_line import BillLine, PriceSource, Vat, priced
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.billing.day_ahead import DayAheadPrices, first_gap, weighted_eur
from kwartier.tariffs.billing.refusal import refusal
from kwartier.tariffs.contracts.day_night_be import is_day_mask
from kwartier.tariffs.meter.meter_series import BoolArray
from kwartier.units.instant import format_instant
from kwartier.units.quarter_hour import QUARTER_S

GROUP = "energy"
_KWH_PER_MWH = 1000


def contract_lines(
    contract: Contract, billed: BilledMonth, day_ahead: DayAheadPrices | None
) -> list[BillLine]:
    """Offtake and injection of the month, also at 0 kWh. Contract prices exclude VAT.

    Raises CannotBill where a dynamic contract lacks a price for a quarter-hour with energy, or the kind is unknown.
    """
    match contract:
        case FixedContract():
            return [
                _offtake("contract-offtake", contract.fixed_offtake_cost_per_mwh, billed),
                _injection("contract-injection", contract.fixed_injection_cost_per_mwh, billed),
            ]
        case DayNightBeContract():
            return _day_night_lines(contract, billed)
        case DynamicContract():
            return _dynamic_lines(contract, billed, day_ahead)
        case _:
            raise refusal(
                "contract",
                "$.configurations.contract.contract_type",
                f"the contract is of an unknown kind, {contract.contract_type!r}: write fixed, day_night_be or dynamic",
                contract.contract_type,
            )


def _day_night_lines(contract: DayNightBeContract, billed: BilledMonth) -> list[BillLine]:
    day = is_day_mask(billed.start_s, billed.dso, billed.timezone)
    return [
        _offtake("contract-offtake.day", contract.day_offtake_cost_per_mwh, billed, day),
        _offtake("contract-offtake.night", contract.night_offtake_cost_per_mwh, billed, ~day),
        _injection("contract-injection.day", contract.day_injection_cost_per_mwh, billed, day),
        _injection("contract-injection.night", contract.night_injection_cost_per_mwh, billed, ~day),
    ]


def _dynamic_lines(
    contract: DynamicContract, billed: BilledMonth, day_ahead: DayAheadPrices | None
) -> list[BillLine]:
    if day_ahead is None:
        raise refusal(
            "day_ahead_missing",
            "$.configurations.contract",
            f"the dynamic contract needs the day-ahead prices of {billed.month}: give them (--day-ahead PRICES.csv)",
        )
    own = billed.own
    index = billed.facts.index_resolution
    prices, known = day_ahead.fourfold(range(own.first_quarter_index, own.end_quarter_index), index)
    if (gap := first_gap(own, known)) is not None:
        moment = format_instant(datetime.fromtimestamp(gap * QUARTER_S, UTC))
        message = (
            f"no day-ahead price is known for {moment}, nor for {int((~known).sum()) - 1} more quarter-hours"
        )
        raise refusal(
            "day_ahead_gap", "day_ahead", f"{message} of {billed.month}: give prices for all of it", moment
        )
    return [
        _follows(
            "offtake",
            contract.offtake_coefficient,
            contract.offtake_constant_cost_per_mwh,
            weighted_eur(prices, own.offtake_milliwh),
            billed,
        ),
        _follows(
            "injection",
            contract.injection_coefficient,
            contract.injection_constant_cost_per_mwh,
            weighted_eur(prices, own.injection_milliwh),
            billed,
        ),
    ]


def _follows(
    direction: str, coefficient: float, constant_eur_per_mwh: float, market_eur: Decimal, billed: BilledMonth
) -> BillLine:
    """Coefficient × market value + constant × energy; the unit price is what that makes per kWh."""
    quantity_kwh = billed.energy_kwh(direction)
    exact_eur = _exact(coefficient) * market_eur + _exact(constant_eur_per_mwh) * quantity_kwh / _KWH_PER_MWH
    if direction == "injection":
        exact_eur = -exact_eur
    unit_price_eur = exact_eur / quantity_kwh if quantity_kwh else Decimal(0)
    index = {"PT15M": "quarter-hours", "PT60M": "means per hour"}[billed.facts.index_resolution]
    to_site = " to the site" if direction == "injection" else ""
    how = f"contract: {coefficient} x day-ahead + {constant_eur_per_mwh} EUR/MWh{to_site}, {index}; the mean is billed"
    vat = _vat(direction, billed)
    return BillLine(
        f"contract-{direction}", GROUP, quantity_kwh, "kWh", unit_price_eur, exact_eur, PriceSource(how), vat
    )


def _offtake(
    name: str, price_eur_per_mwh: float, billed: BilledMonth, mask: BoolArray | None = None
) -> BillLine:
    return _at_price(name, "offtake", _exact(price_eur_per_mwh), billed, mask)


def _injection(
    name: str, price_eur_per_mwh: float, billed: BilledMonth, mask: BoolArray | None = None
) -> BillLine:
    """What the contract pays per MWh injected is negative on the bill; a negative price is positive."""
    return _at_price(name, "injection", -_exact(price_eur_per_mwh), billed, mask)


def _at_price(
    name: str, direction: str, price_eur_per_mwh: Decimal, billed: BilledMonth, mask: BoolArray | None
) -> BillLine:
    quantity_kwh = billed.energy_kwh(direction, mask)
    is_paid = direction == "injection"
    words = f"{-price_eur_per_mwh + 0} EUR/MWh to the site" if is_paid else f"{price_eur_per_mwh} EUR/MWh"
    source = PriceSource(f"contract: {words}")
    vat = _vat(direction, billed)
    return priced(name, GROUP, quantity_kwh, "kWh", price_eur_per_mwh / _KWH_PER_MWH, source, vat)


def _vat(direction: str, billed: BilledMonth) -> Vat:
    """A household's income from injection is free of VAT (tariffs facts 5: two secondary sources)."""
    is_free = direction == "injection" and billed.facts.customer == "household"
    return "none" if is_free else "standard"


def _exact(price: float) -> Decimal:
    return Decimal(str(price))
