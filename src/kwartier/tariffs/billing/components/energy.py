"""Bills `energy`: kWh of offtake or injection, at one price or one per period of a calendar."""

from datetime import date, timedelta

from kwartier.tariffs.billing.bill_line import BillLine, priced
from kwartier.tariffs.billing.billed_month import BilledMonth
from kwartier.tariffs.calendars import calendar_named
from kwartier.tariffs.calendars.time_of_use import TimeOfUseCalendar
from kwartier.tariffs.components import Energy


def lines(component: Energy, billed: BilledMonth) -> list[BillLine]:
    """One line, or one per period in force in the month, `id.PERIOD`; also of 0 kWh."""
    if component.price is not None:
        price = component.price
        quantity_kwh = billed.energy_kwh(component.direction)
        source = billed.source(price)
        return [
            priced(component.id, component.group, quantity_kwh, "kWh", price.value, source, component.vat)
        ]
    calendar = calendar_named(component.calendar or "")
    index = calendar.period_index(billed.start_s, billed.timezone)
    found = []
    for period in _periods_in_force(calendar, billed.first_day, billed.last_day):
        price = (component.prices or {})[period]
        quantity_kwh = billed.energy_kwh(component.direction, index == calendar.periods.index(period))
        source = billed.source(
            price, how=f"{price.value} {price.unit} in the hours {period} of {calendar.id}"
        )
        name = f"{component.id}.{period}"
        found.append(priced(name, component.group, quantity_kwh, "kWh", price.value, source, component.vat))
    return found


def _periods_in_force(calendar: TimeOfUseCalendar, first: date, last: date) -> list[str]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    in_force = {period for day in days for period in calendar.periods_on(day)}
    return [period for period in calendar.periods if period in in_force]
