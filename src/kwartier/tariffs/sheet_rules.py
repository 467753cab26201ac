"""What must hold within one sheet beyond its shape: every rule collects its findings, all are reported at once."""

from collections.abc import Callable, Iterator

from kwartier.site.dso import DSO_NAMES
from kwartier.site.dso.wallonia import WALLOON_DSOS
from kwartier.site.finding import Finding
from kwartier.site.json_path import as_text, hint
from kwartier.tariffs.calendars import CALENDAR_IDS, calendar_named
from kwartier.tariffs.components import AccessPower, Cap, Energy, MonthlyPeak, RollingMaxPeak, RollingMeanPeak
from kwartier.tariffs.sheet import Sheet
from kwartier.tariffs.sheet_combination import all_combinations, combination_of_sheet

SHEET_RULES = {
    "sheet.unreadable": "the file cannot be read, or is no TOML in UTF-8",
    "sheet.missing_figure": "a figure says `missing`: nobody has filled it in yet",
    "sheet.unknown_kind": "a component has no kind, or one that does not exist",
    "sheet.combination": "operator, region and connection type are no combination that a site document may name",
    "sheet.validity": "valid_to lies before valid_from",
    "sheet.transmission": "a Flemish sheet adds transmission that Fluvius includes, or another sheet lacks it",
    "sheet.unknown_source": "a figure names a source that stands in no [sources]",
    "sheet.unknown_calendar": "a component names a calendar that does not exist or has no hours in its days",
    "sheet.calendar_periods": "the priced or counted periods are not those of the calendar",
    "sheet.component_twice": "two components have one id",
    "sheet.unknown_component": "a maximum tariff covers a component that is not there, or cannot be covered",
    "sheet.overlap": "two sheets of one combination hold on the same day",
    "sheet.gap": "between two sheets of one combination lie days without any",
}
"""The ids of the findings about sheets besides those of shape, and when they are reported. All are errors."""


def sheet_findings(sheet: Sheet) -> list[Finding]:
    """Everything that is wrong with a sheet that has the right shape."""
    return [found for rule in _RULES for found in rule(sheet)]


def _error(rule: str, path: str, message: str, observed: object = None, allowed: object = None) -> Finding:
    return Finding(rule, "ERROR", path, message, observed, allowed)


def _combination(sheet: Sheet) -> Iterator[Finding]:
    combination = combination_of_sheet(sheet)
    if combination in all_combinations():
        return
    mine = [one for one in all_combinations() if one.dso == sheet.dso]
    if not mine:
        words, known = sheet.dso, list(DSO_NAMES)
    elif sheet.region not in {one.region for one in mine}:
        words, known = sheet.region, sorted({one.region for one in mine})
    else:
        words, known = sheet.connection_type, sorted({one.connection_type for one in mine})
    message = f"{sheet.id}: no site document may name {combination}{hint(words, known)}; write one of the known words"
    yield _error("sheet.combination", "$.connection_type", message, str(combination), known)


def _validity(sheet: Sheet) -> Iterator[Finding]:
    if sheet.valid_to < sheet.valid_from:
        message = (
            f"{sheet.id}: valid_to {sheet.valid_to} lies before valid_from {sheet.valid_from}; correct one"
        )
        yield _error("sheet.validity", "$.valid_to", message, str(sheet.valid_to), f"from {sheet.valid_from}")


def _transmission(sheet: Sheet) -> Iterator[Finding]:
    lines = [one.id for one in sheet.components if one.group == "transmission"]
    if sheet.dso == "Fluvius":
        wrong = sheet.transmission == "line" or bool(lines)
        advice = (
            "Fluvius' own prices include Elia's; write transmission = \"included\", and remove the components "
            "of the group transmission: a real bill came out 65.7 % too high with both (fluctus-proxy)"
        )
    else:
        wrong = sheet.transmission == "included" or not lines
        owner = "the Walloon operators'" if sheet.dso in WALLOON_DSOS else f"{sheet.dso}'s"
        advice = (
            f'{owner} prices do not include Elia\'s; write transmission = "line", and add the components of the '
            "group transmission"
        )
    if wrong:
        yield _error("sheet.transmission", "$.transmission", f"{sheet.id}: {advice}", sheet.transmission)


def _sources(sheet: Sheet) -> Iterator[Finding]:
    for component, field, figure in sheet.figures():
        if figure.source not in sheet.sources:
            index = [one.id for one in sheet.components].index(component)
            path = f"$.components[{index}].{field}.source"
            yield _unknown_source(sheet, path, f"{component}, {field}", figure.source)
    if sheet.proration.source not in sheet.sources:
        yield _unknown_source(sheet, "$.proration.source", "proration", sheet.proration.source)


def _unknown_source(sheet: Sheet, path: str, what: str, source: str) -> Finding:
    known = list(sheet.sources)
    message = (
        f"{sheet.id}: {what}: the source {as_text(source)} stands in no [sources]{hint(source, known)}; add "
        "it there, with title and the day it was read"
    )
    return _error("sheet.unknown_source", path, message, source, known)


def _calendars(sheet: Sheet) -> Iterator[Finding]:
    for index, component in enumerate(sheet.components):
        path = f"$.components[{index}]"
        if isinstance(component, Energy) and component.calendar is not None and component.prices is not None:
            yield from _calendar(
                sheet, f"{path}.calendar", component.calendar, set(component.prices), full=True
            )
        elif isinstance(component, MonthlyPeak | RollingMaxPeak) and component.window is not None:
            window = component.window
            yield from _calendar(
                sheet, f"{path}.window.calendar", window.calendar, set(window.periods), full=False
            )


def _calendar(sheet: Sheet, path: str, name: str, used: set[str], *, full: bool) -> Iterator[Finding]:
    """Findings about a calendar whose periods are `used`: all of them where `full`, else some."""
    if name not in CALENDAR_IDS:
        message = (
            f"{sheet.id}: there is no calendar {as_text(name)}{hint(name, list(CALENDAR_IDS))}; name another"
        )
        yield _error("sheet.unknown_calendar", path, message, name, list(CALENDAR_IDS))
        return
    calendar = calendar_named(name)
    known: set[str] = set()
    for day in (sheet.valid_from, sheet.valid_to):
        periods = calendar.periods_on(day)
        known |= periods
        if not periods:
            message = (
                f"{sheet.id}: the calendar {name} has no hours for {day}; it holds {calendar.validity_words}"
            )
            yield _error("sheet.unknown_calendar", path, message, str(day), calendar.validity_words)
    if known and (used - known or (full and known - used)):
        message = (
            f"{sheet.id}: the periods of {name} are {', '.join(sorted(known))}, and here stand "
            f"{', '.join(sorted(used))}; write them alike"
        )
        yield _error("sheet.calendar_periods", path, message, sorted(used), sorted(known))


def _component_ids(sheet: Sheet) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, component in enumerate(sheet.components):
        if component.id in seen:
            message = f"{sheet.id}: two components are called {component.id}; rename one"
            yield _error("sheet.component_twice", f"$.components[{index}].id", message, component.id)
        seen.add(component.id)


def _caps(sheet: Sheet) -> Iterator[Finding]:
    by_id = {one.id: one for one in sheet.components}
    coverable = (Energy, MonthlyPeak, RollingMaxPeak, RollingMeanPeak, AccessPower)
    for index, cap in enumerate(sheet.components):
        if not isinstance(cap, Cap):
            continue
        for place, name in enumerate(cap.covers):
            if not isinstance(by_id.get(name), coverable):
                known = [one.id for one in sheet.components if isinstance(one, coverable)]
                message = f"{sheet.id}: {cap.id} cannot cover {as_text(name)}{hint(name, known)}; name others"
                yield _error(
                    "sheet.unknown_component", f"$.components[{index}].covers[{place}]", message, name, known
                )
        if cap.least_of is not None and not isinstance(by_id.get(cap.least_of), RollingMeanPeak):
            message = (
                f"{sheet.id}: least_of {as_text(cap.least_of)} is no component of kind rolling_mean_peak"
            )
            yield _error("sheet.unknown_component", f"$.components[{index}].least_of", message, cap.least_of)


_RULES: tuple[Callable[[Sheet], Iterator[Finding]], ...] = (
    _combination,
    _validity,
    _transmission,
    _sources,
    _calendars,
    _component_ids,
    _caps,
)
