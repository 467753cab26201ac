"""The figures at the top of the page: what the plan costs, saves, draws, charges, and what it can't keep."""

import html
from collections.abc import Mapping
from typing import Any

from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.tables import euro, kilowatt_hours
from kwartier.adapters.plan_page.view import Column, PlanView

_CENT = 0.005
_NOTEWORTHY_WH = 1.0


def tiles(view: PlanView, plan: Mapping[str, Any], clock: LocalClock) -> str:
    """The row of tiles as HTML."""
    planned_eur = (plan.get("money") or {}).get("total")
    arrival_eur = (plan.get("uncontrolled_money") or {}).get("total")
    return "".join(
        (
            _tile("Planned cost", _eur(planned_eur), f"charging on arrival: {_eur(arrival_eur)}"),
            _saving(planned_eur, arrival_eur),
            _peak(view, clock),
            _charged(view),
            _unserved(plan.get("unserved_wh")),
            _count(
                _known(plan, "limit_violations", len(view.violations)),
                "Limit violations",
                "every limit is kept",
            ),
            _count(
                _known(plan, "warnings", len(plan.get("warnings") or [])), "Warnings", "nothing to report"
            ),
        )
    )


def charged_wh(view: PlanView) -> float:
    """The energy that the poles give to cars over the plan, Wh; steps of unknown power are left out."""
    return sum(
        power_w * hours
        for pole in view.of_kind("pole")
        for power_w, hours in zip(pole.power_w, view.steps.hours, strict=True)
        if power_w is not None and power_w > 0
    )


def _known(plan: Mapping[str, Any], key: str, count: int) -> int | None:
    """The count, None where the plan does not say: silence is no all-clear."""
    return None if plan.get(key) is None else count


def _tile(label: str, value: str, detail: str, tone: str = "", anchor: str = "money") -> str:
    for unit in ("%", "kW", "EUR"):
        detail = detail.replace(f" {unit}", f"\N{NO-BREAK SPACE}{unit}")
    return (
        f'<a href="#{anchor}" class="tile {tone}"><div class="label">{html.escape(label)}</div>'
        f'<div class="value">{html.escape(value)}</div><div class="detail">{html.escape(detail)}</div></a>'
    )


def _eur(amount_eur: float | None) -> str:
    return "unknown" if amount_eur is None else f"{euro(amount_eur)} EUR"


def _saving(planned_eur: float | None, arrival_eur: float | None) -> str:
    if planned_eur is None or arrival_eur is None:
        return _tile("Saving", "–", "costs unknown")
    saving_eur = arrival_eur - planned_eur
    # A share of an income, or of next to nothing, would say nothing.
    share = f", {100 * abs(saving_eur) / arrival_eur:.0f} %" if arrival_eur > 1.0 else ""
    if saving_eur < -_CENT:
        return _tile("Extra cost", f"{euro(-saving_eur)} EUR", f"against charging on arrival{share}", "bad")
    tone = "good" if saving_eur > _CENT else ""
    return _tile("Saving", f"{euro(saving_eur)} EUR", f"against charging on arrival{share}", tone)


def _peak(view: PlanView, clock: LocalClock) -> str:
    offtake_w, step = _highest(view.offtake_w)
    if offtake_w is None:
        return _tile("Peak offtake", "–", "offtake unknown", anchor="power")
    when = clock.moment(view.steps.starts[step])
    injection_w, _ = _highest(view.injection_w)
    injection = f", injection {injection_w / 1000:.1f} kW" if injection_w else ""
    return _tile("Peak offtake", f"{offtake_w / 1000:.1f} kW", f"{when}{injection}", anchor="power")


def _highest(values: Column) -> tuple[float | None, int]:
    known = [(value, step) for step, value in enumerate(values) if value is not None]
    return max(known, key=lambda pair: pair[0], default=(None, 0))


def _charged(view: PlanView) -> str:
    if not view.of_kind("pole"):
        return _tile("Charged", "–", "no charging pole", anchor="sessions")
    count = sum(1 for session in view.sessions if session.planned_wh)
    cars = (
        f"into {count} of {len(view.sessions)} car{_plural(len(view.sessions))}"
        if view.sessions
        else "no cars"
    )
    return _tile("Charged", f"{kilowatt_hours(charged_wh(view))} kWh", cars, anchor="sessions")


def _unserved(unserved_wh: Mapping[str, Any] | None) -> str:
    if unserved_wh is None:
        return _tile("Not charged", "–", "the plan does not say", anchor="sessions")
    short = [
        float(energy_wh) for energy_wh in unserved_wh.values() if energy_wh and energy_wh > _NOTEWORTHY_WH
    ]
    if not short:
        return _tile("Not charged", "0.0 kWh", "every car gets what it asks", "good", "sessions")
    cars = f"{len(short)} car{_plural(len(short))} will be short"
    return _tile("Not charged", f"{kilowatt_hours(sum(short))} kWh", cars, "bad", "sessions")


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def _count(count: int | None, label: str, none: str) -> str:
    anchor = label.lower().replace(" ", "-")
    if count is None:
        return _tile(label, "–", "the plan does not say", anchor=anchor)
    tone = "bad" if count else "good"
    return _tile(label, str(count), "see the list" if count else none, tone, anchor)
