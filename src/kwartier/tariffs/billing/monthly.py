"""The bill of one month: contract, grid, levies, VAT, and how much of it is certain."""

from datetime import datetime, tzinfo

import numpy as np

from kwartier.tariffs.billing.bill_document import Bill, vat_on_lines_eur
from kwartier.tariffs.billing.bill_input import BillInput
from kwartier.tariffs.billing.bill_line import BillLine
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.billing.contract_lines import contract_lines
from kwartier.tariffs.billing.grid_terms import sheet_lines, sheet_of_month
from kwartier.tariffs.billing.levy_terms import levies_of_month, lines_of_levies, vat_share
from kwartier.tariffs.billing.refusal import refusal
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.quarter_hour import QUARTER_S


def month_bill(given: BillInput, month: LocalMonth) -> Bill:
    """The bill of a month; raises CannotBill for what is missing, as `bill` says."""
    billed = _billed_month(given, month)
    if not billed.known_count:
        raise refusal("nothing_measured", "meter", _nothing_measured(billed), str(month))
    _warn_of_coverage(billed)
    lines = _contract_part(given, billed)
    dso = given.site.configurations.dso
    levies = None
    if dso is None:
        billed.warn("the site has no dso: this bill lacks grid fees and levies")
    else:
        if given.facts.is_grid_left_out:
            billed.warn("grid fees are left out of this bill, as was asked for")
        else:
            lines += sheet_lines(sheet_of_month(given.sheets, dso, billed), billed)
        levies = levies_of_month(dso, billed, given.sheets)
        lines += lines_of_levies(levies, billed) if levies is not None else []
    vat_eur = vat_on_lines_eur(lines, vat_share(levies, billed))
    return Bill(str(month), tuple(lines), vat_eur, not billed.is_complete, billed.warnings)


def _billed_month(given: BillInput, month: LocalMonth) -> BilledMonth:
    return BilledMonth(
        month,
        month.first_day,
        month.last_day,
        given.timezone,
        given.meter,
        given.history,
        given.facts,
        given.site.configurations.dso,
        {},
        {},
    )


def _contract_part(given: BillInput, billed: BilledMonth) -> list[BillLine]:
    contract = given.site.configurations.contract
    if contract is None:
        billed.warn("the site has no contract: this bill lacks the energy itself")
        return []
    return contract_lines(contract, billed, given.day_ahead)


def _nothing_measured(billed: BilledMonth) -> str:
    meter = billed.meter
    if not meter.quarter_count:
        return f"the meter file holds no quarter-hour of {billed.month}: give one that does"
    bounds = (meter.first_quarter_index, meter.end_quarter_index)
    first, end = (_local(index, billed.timezone) for index in bounds)
    return f"the meter file holds no quarter-hour of {billed.month}, only from {first} to {end}: give one that does"


def _warn_of_coverage(billed: BilledMonth) -> None:
    """Say what of the month is certain: fixed terms are billed in full, energies and peaks as far as measured."""
    if billed.is_complete:
        return
    known = np.flatnonzero(billed.own.is_offtake_known)
    until = _local(billed.own.first_quarter_index + int(known[-1]) + 1, billed.timezone)
    billed.warn(
        f"provisional: {billed.known_count:,} of {billed.own.quarter_count:,} quarter-hours of {billed.month} are "
        f"measured, the last until {until}. Terms per month or year and the declared access power are certain, energy "
        "is what was measured, peaks are the least they can be"
    )


def _local(quarter_index: int, timezone: tzinfo) -> str:
    """When a quarter-hour starts, as the site's clocks show it, with their offset."""
    return datetime.fromtimestamp(quarter_index * QUARTER_S, timezone).isoformat()
