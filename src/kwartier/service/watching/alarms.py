"""What is wrong at a site, worst first: from its validation, from what the control noticed, from its plan."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from kwartier.control.setpoint import Rung
from kwartier.planning.plan import Plan
from kwartier.service.site_event import SiteEvent
from kwartier.service.watching.site_now import Alarm
from kwartier.site.validation_status import ValidationStatus

# An event without an end of its own is told for so long.
TOLD_FOR = timedelta(minutes=15)
GOOD_RUNGS = frozenset[Rung | None]({"optimal", "feasible", None})
SEVERE = frozenset({"limit_violated", "stop", "document_errors", "device_disobeys"})


def alarms(
    at: datetime, status: ValidationStatus, rung: Rung | None, plan: Plan | None, events: Iterable[SiteEvent]
) -> tuple[Alarm, ...]:
    """Every alarm, the severe ones first."""
    found = [*_of_validation(status), *_of_control(at, rung, events), *_of_plan(plan)]
    return tuple(sorted(found, key=lambda one: not one.is_severe))


def _of_validation(status: ValidationStatus) -> Iterator[Alarm]:
    checks = status.site_configuration_status
    if checks.valid_for_optimization.status == "ERROR":
        errors = (checks.valid_for_optimization.validation_errors or "").splitlines()
        yield Alarm(
            "document_errors",
            None,
            {"count": len(errors), "first": errors[0] if errors else ""},
            is_severe=True,
        )
    silent = status.ingress_status.receiving_measurement_data.not_receiving_data_from
    if silent:
        yield Alarm("silent", None, {"count": len(silent), "names": ", ".join(silent)})
    missing = checks.configuration_complete.missing_assets
    if missing:
        yield Alarm("unknown_assets", None, {"count": len(missing), "names": ", ".join(missing)})


def _of_control(at: datetime, rung: Rung | None, events: Iterable[SiteEvent]) -> Iterator[Alarm]:
    if rung not in GOOD_RUNGS:
        yield Alarm(f"rung_{rung}", None, {}, rung == "stop")
    open_episodes: dict[tuple[str, str], Alarm] = {}
    for event in events:
        key = _episode(event.kind, event.content)
        if key is None:
            continue
        if event.kind == "device_obeys_again" or event.content.get("is_in_force") is False:
            open_episodes.pop(key, None)
        else:
            open_episodes[key] = Alarm(event.kind, event.occurred_at, event.content, event.kind in SEVERE)
    lasting = {"device_disobeys", "operator_failsafe"}
    for alarm in open_episodes.values():
        if alarm.kind in lasting or alarm.since is None or at - alarm.since <= TOLD_FOR:
            yield alarm


def _episode(kind: str, content: Mapping[str, object]) -> tuple[str, str] | None:
    """What an event is about: a later one about the same replaces it; None for what is no alarm."""
    match kind:
        case "limit_violated":
            return kind, f"{content.get('collector')} {content.get('phase')}"
        case "peak_at_risk":
            return kind, str(content.get("root"))
        case "device_disobeys" | "device_obeys_again":
            return "device_disobeys", str(content.get("asset_id"))
        case "operator_failsafe" | "clock_jumped":
            return kind, ""
        case _:
            return None


def _of_plan(plan: Plan | None) -> Iterator[Alarm]:
    if plan is None:
        return
    broken = sorted({one.collector for one in plan.limit_violations})
    if broken:
        yield Alarm("plan_breaks_limit", None, {"count": len(broken), "names": ", ".join(broken)})
    short = {name: energy_wh for name, energy_wh in plan.unserved_wh.items() if energy_wh > 1.0}
    if short:
        total_kwh = sum(short.values()) / 1000.0
        yield Alarm("cars_short", None, {"count": len(short), "energy_kwh": total_kwh})
