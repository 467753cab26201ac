"""The tables of the page as HTML: money by term, sessions, violations, warnings; text of the data is escaped."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.view import PlanView, Session, Violation

_TERMS = {
    "energy": "Energy",
    "grid": "Grid fees",
    "levies": "Levies",
    "peaks": "Peaks (capacity)",
    "revenue": "Charging revenue",
    "terminal_value": "Value left in batteries",
}
_CENT = 0.005
_NOTEWORTHY_WH = 1.0


def euro(amount_eur: float | None) -> str:
    """«−12.35», a dash where the amount is unknown."""
    if amount_eur is None:
        return "–"
    return f"{0.0 if abs(amount_eur) < _CENT else amount_eur:,.2f}".replace("-", "−")


def kilowatt_hours(energy_wh: float | None) -> str:
    """«18.4», a dash where the energy is unknown."""
    return "–" if energy_wh is None else f"{energy_wh / 1000:,.1f}".replace("-", "−")


def money_table(money: Mapping[str, Any], uncontrolled: Mapping[str, Any]) -> str:
    """Costs by term: planned, with charging on arrival, and the difference."""
    if not money and not uncontrolled:
        return '<p class="none">The plan names no costs.</p>'
    names = [name for name in dict.fromkeys([*_TERMS, *money, *uncontrolled]) if name != "total"]
    rows = [
        _money_row(
            _TERMS.get(name, name.replace("_", " ").capitalize()), money.get(name), uncontrolled.get(name)
        )
        for name in names
        if name in money or name in uncontrolled
    ]
    total = _money_row("Total", money.get("total"), uncontrolled.get("total"), "total")
    head = "<tr><th>EUR</th><th>Planned</th><th>On arrival</th><th>Difference</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody><tfoot>{total}</tfoot></table>"


def _money_row(name: str, planned_eur: Any, arrival_eur: Any, style: str = "") -> str:
    known = planned_eur is not None and arrival_eur is not None
    difference_eur = planned_eur - arrival_eur if known else None
    tone = (
        ""
        if difference_eur is None or abs(difference_eur) < _CENT
        else "good"
        if difference_eur < 0
        else "bad"
    )
    return (
        f'<tr class="{style}"><th>{html.escape(name)}</th><td>{euro(planned_eur)}</td><td>{euro(arrival_eur)}</td>'
        f'<td class="{tone}">{euro(difference_eur)}</td></tr>'
    )


def session_table(view: PlanView, clock: LocalClock) -> str:
    """One row per session: pole, window, energy asked for, planned and short, kWh."""
    if not view.sessions:
        return '<p class="none">No car is plugged in or announced.</p>'
    columns = ("Pole", "Session", "Arrival", "Departure", "To charge", "Planned", "Short")
    head = "".join(f"<th>{column}</th>" for column in columns)
    rows = "".join(_session_row(session, clock) for session in view.sessions)
    table = f'<table class="sessions"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _session_row(session: Session, clock: LocalClock) -> str:
    departure = "not told" if session.departure is None else clock.moment(session.departure)
    is_short = bool(session.short_wh and session.short_wh > _NOTEWORTHY_WH)
    beyond = session.departure is not None and session.departure > clock.end
    note = ' <span class="note">after this plan</span>' if beyond else ""
    return (
        f'<tr><th data-label="Pole">{html.escape(session.pole)}</th>'
        f'<td data-label="Session" class="text">{html.escape(session.transaction_id)}</td>'
        f'<td data-label="Arrival" class="text">{clock.moment(session.arrival)}</td>'
        f'<td data-label="Departure" class="text">{departure}{note}</td>'
        f'<td data-label="To charge">{_unit(session.remaining_wh)}</td>'
        f'<td data-label="Planned">{_unit(session.planned_wh)}</td>'
        f'<td data-label="Short" class="{"bad" if is_short else ""}">{_unit(session.short_wh)}</td></tr>'
    )


def _unit(energy_wh: float | None) -> str:
    return "–" if energy_wh is None else f"{kilowatt_hours(energy_wh)} kWh"


def violation_list(view: PlanView, clock: LocalClock, *, known: bool) -> str:
    """Where and when a limit is broken, in words; not `known`: the plan does not say."""
    if not known:
        return '<p class="none">The plan does not say.</p>'
    if not view.violations:
        return '<p class="none">Every limit is kept.</p>'
    items = "".join(
        f"<li>{_violation_sentence(violation, view, clock)}</li>" for violation in view.violations
    )
    return f'<ul class="alarms">{items}</ul>'


def _violation_sentence(violation: Violation, view: PlanView, clock: LocalClock) -> str:
    scale, unit = (1.0, "A") if violation.unit == "A" else (1e-3, "kW")
    line = html.escape(violation.collector) + (
        f", phase {html.escape(violation.phase)}" if violation.phase else ""
    )
    first, last = violation.steps[0], min(violation.steps[-1], len(view.steps) - 1)
    when = clock.span(view.steps.starts[first], view.steps.ends[last]) if first <= last else "beyond the plan"
    observed = f"{violation.worst * scale:.1f} {unit}, limit {violation.limit * scale:.1f} {unit}"
    return f"<b>{line}</b>: up to {observed} <span class='when'>{when}</span>"


def warning_list(warnings: Sequence[Any]) -> str:
    """The plan's warnings as they stand."""
    if not warnings:
        return '<p class="none">No warnings.</p>'
    items = "".join(f"<li>{html.escape(str(warning))}</li>" for warning in warnings)
    return f'<ul class="warnings">{items}</ul>'
