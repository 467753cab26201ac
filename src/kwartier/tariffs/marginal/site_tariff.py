"""The tariff of a site's connection, month by month: the operator's sheet and the levies, the last known carried on."""

from datetime import date
from functools import cache, cached_property, lru_cache

from kwartier.site.dso import Dso
from kwartier.tariffs.day_span import DaySpan
from kwartier.tariffs.levies import Area, Levies, LevyAmount, area_of, levies_for
from kwartier.tariffs.marginal.month_tariff import HeldComponent, MonthTariff, TariffByMonth
from kwartier.tariffs.meter.local_month import LocalMonth
from kwartier.tariffs.sheet import Sheet, Voltage
from kwartier.tariffs.sheet_combination import VOLTAGE_BY_CONNECTION_TYPE, Combination, combination_of
from kwartier.tariffs.sheets import AmountsUnknown, SheetsFound, TariffSheets

_OWN_SHEETS = TariffSheets()
# Any time at which a levy may have had an amount.
_EARLIEST_DAY, _LATEST_DAY = date(2000, 1, 1), date(2100, 1, 1)


def tariff_of(dso: Dso, sheets: TariffSheets = _OWN_SHEETS) -> TariffByMonth:
    """The components of any month for a business customer: those of the operator's sheet, and the levies.

    Where no sheet is known for a month, the last one before it is carried on and the month says so. Without that one
    too, the month has its levies only and `has_sheet` false. Files are read once, when a month is asked for.
    """
    return _tariff(combination_of(dso), area_of(dso), sheets)


@lru_cache(maxsize=1024)
def _tariff(combination: Combination | None, area: Area | None, sheets: TariffSheets) -> TariffByMonth:
    if combination is None or area is None:
        unknown = (
            "no grid amounts and levies in this plan: the site's dso is not known; correct the site document"
        )
        return lambda _month: MonthTariff((), "", has_sheet=False, warnings=(unknown,))
    voltage = VOLTAGE_BY_CONNECTION_TYPE[combination.connection_type]
    levied = _Levied(area, voltage)
    return cache(lambda month: _month_tariff(combination, levied, sheets, month))


class _Levied:
    """The levies of an area and voltage."""

    def __init__(self, area: Area, voltage: Voltage) -> None:
        self._area: Area = area
        self._voltage: Voltage = voltage

    def between(self, first: date, last: date) -> Levies:
        """Those that hold on some of the days."""
        return levies_for(self._area, self._voltage, "business", first, last)

    def warnings(self, levies: Levies) -> tuple[str, ...]:
        """What is not known of the levies that a plan can change: one per month is the same whatever it does."""
        unknown = [one for one in levies.unknown if one.observed not in self._monthly]
        # What follows the colon is where the amount can be got.
        return tuple(
            f"the levy {one.observed} is not known and costs nothing in this plan: {one.message.partition(': ')[2]}"
            for one in unknown
        )

    @cached_property
    def _monthly(self) -> frozenset[str]:
        """The ids of the levies per month, at any time."""
        ever = self.between(_EARLIEST_DAY, _LATEST_DAY)
        return frozenset(one.component.id for one in ever.amounts if one.component.kind == "levy_monthly")


def _month_tariff(
    combination: Combination, levied: _Levied, sheets: TariffSheets, month: LocalMonth
) -> MonthTariff:
    levies = levied.between(month.first_day, month.last_day)
    levy_components = tuple(map(_held_levy, levies.amounts))
    levy_warnings = levied.warnings(levies)
    found = _sheets_of(combination, sheets, month)
    if isinstance(found, AmountsUnknown):
        unknown = f"no grid amounts in this plan: {found.message}"
        return MonthTariff(levy_components, "", has_sheet=False, warnings=(unknown, *levy_warnings))
    whole = DaySpan(month.first_day, month.last_day)
    held = [(sheet, DaySpan(sheet.valid_from, sheet.valid_to).common(whole)) for sheet in found.sheets]
    is_carried = any(days is None for _, days in held)
    return MonthTariff(
        components=(
            *(HeldComponent(one, days or whole) for sheet, days in held for one in sheet.components),
            *levy_components,
        ),
        source=_words(found.sheets[0]),
        is_carried_on=is_carried,
        warnings=levy_warnings,
        injection_gaps=tuple(
            f"{_words(sheet)}: {gap.what} is not known and costs nothing in this plan; {gap.missing}"
            for sheet in found.sheets
            for gap in sheet.gaps
            if gap.concerns == "injection"
        ),
    )


def _sheets_of(
    combination: Combination, sheets: TariffSheets, month: LocalMonth
) -> SheetsFound | AmountsUnknown:
    """The sheets of a month, else the last one before it."""
    found = sheets.find_combination(combination, DaySpan(month.first_day, month.last_day))
    if isinstance(found, SheetsFound) or found.findings:
        return found
    before = [span.last for span in found.known if span.last < month.first_day]
    if not before:
        return found
    return sheets.find_combination(combination, DaySpan(max(before), max(before)))


def _held_levy(levy: LevyAmount) -> HeldComponent:
    return HeldComponent(levy.component, DaySpan(levy.first, levy.last))


def _words(sheet: Sheet) -> str:
    """«Fluvius Imewo 2026», «ORES 2026»."""
    region = "" if sheet.region == "All" else f" {sheet.region}"
    return f"{sheet.dso}{region} {sheet.valid_from.year}"
