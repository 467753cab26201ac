"""Charging: what each pole and car may take, in each step and in all."""

import numpy as np
import numpy.typing as npt

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.grid import EXECUTED_STEPS, FloatArray
from kwartier.planning.check.result import Report
from kwartier.planning.check.sessions import Session
from kwartier.planning.check.tolerances import CURRENT, ENERGY, POWER
from kwartier.planning.check.uncontrolled import SMALLEST_CURRENT_A
from kwartier.planning.plan import Plan

Mask = npt.NDArray[np.bool_]


def session_power_w(plan: Plan, session: Session) -> FloatArray:
    """Power of a session in each step: the pole's where it serves this session; of an expected one its own."""
    if session.expected:
        entries = {entry.transaction_id: entry for entry in plan.expected_sessions}
        return np.array(entries[session.transaction_id].power_w)
    return np.where(session.share > 0, np.array(plan.devices[session.pole].power_w), 0.0)


def pole_current_a(plan: Plan, pole: str) -> FloatArray:
    """The current of that pin of a pole that has most, in either direction, in each step; 0 for a pole without pins."""
    device = plan.devices[pole]
    if not device.current_a:
        return np.zeros(len(device.power_w))
    pins = np.array(list(device.current_a.values()))
    return np.asarray(np.take_along_axis(pins, np.argmax(np.abs(pins), axis=0)[None, :], axis=0)[0])


def check_charging(facts: Facts, plan: Plan, charged_wh: list[float], report: Report) -> None:
    """Report every pole and session that takes what it may not."""
    for pole in facts.devices.poles:
        _check_owners(facts, plan, pole, report)
    for session, energy_wh in zip(facts.sessions, charged_wh, strict=True):
        power_w = session_power_w(plan, session)
        if session.expected:
            _check_expected(session, power_w, plan, report)
        elif session.alternating:
            _check_alternating(facts, plan, session, power_w, report)
        else:
            _check_direct(session, power_w, report)
        if session.suspended:
            _check_suspended(session, power_w, report)
        if ENERGY.exceeds(energy_wh, session.remaining_wh):
            left = f"{energy_wh:.10g} Wh of {session.remaining_wh:.10g} Wh that remain"
            text = f"session {session.transaction_id} takes {left}"
            report.add(
                "session.energy", _path(session), text, observed=energy_wh, allowed=session.remaining_wh
            )
    _check_unserved(facts, plan, charged_wh, report)


def _path(session: Session) -> str:
    return f"expected_sessions.{session.transaction_id}" if session.expected else f"devices.{session.pole}"


def _check_owners(facts: Facts, plan: Plan, pole: str, report: Report) -> None:
    """The right transaction in each step, and nothing where there is none."""
    owners: list[str | None] = [None] * facts.grid.step_count
    for session in facts.real_sessions:
        if session.pole == pole:
            for step in np.flatnonzero(session.share > 0).tolist():
                owners[step] = session.transaction_id
    device = plan.devices[pole]
    said = device.transaction_id or []
    wrong = np.array([seen != owner for seen, owner in zip(said, owners, strict=True)])
    path = f"devices.{pole}"
    report.steps(
        "session.owner", f"{path}.transaction_id", wrong, f"session at {pole}", observed=said, allowed=owners
    )
    free = np.array([owner is None for owner in owners])
    power_w, current_a = np.array(device.power_w), pole_current_a(plan, pole)
    words = f"{pole} charges outside every session's window"
    busy = free & POWER.exceeds(np.abs(power_w), 0.0)
    report.steps(
        "session.window", f"{path}.power_w", busy, words, observed=power_w, allowed=power_w * 0, unit="W"
    )
    busy = free & CURRENT.exceeds(np.abs(current_a), 0.0)
    report.steps(
        "session.window",
        f"{path}.current_a",
        busy,
        words,
        observed=current_a,
        allowed=current_a * 0,
        unit="A",
    )


def _check_alternating(
    facts: Facts, plan: Plan, session: Session, power_w: FloatArray, report: Report
) -> None:
    path, who = f"devices.{session.pole}", f"session {session.transaction_id} at {session.pole}"
    current_a = np.where(session.share > 0, pole_current_a(plan, session.pole), 0.0)
    _check_pins(plan, session, current_a, report)
    largest_a = np.full(len(current_a), session.largest_load_count)
    bad = CURRENT.exceeds(current_a, largest_a) | CURRENT.exceeds(-current_a, 0.0)
    words = f"{who}: current beyond 0 to what pole and car allow"
    report.steps(
        "session.rating", f"{path}.current_a", bad, words, observed=current_a, allowed=largest_a, unit="A"
    )
    six_a = np.full(len(current_a), SMALLEST_CURRENT_A)
    bad = _executed(current_a) & CURRENT.exceeds(current_a, 0.0) & CURRENT.exceeds(six_a, current_a)
    words = f"{who}: an executed step has 0 or at least 6 A"
    report.steps(
        "session.minimum_current",
        f"{path}.current_a",
        bad,
        words,
        observed=current_a,
        allowed=six_a,
        unit="A",
    )
    _check_whole_amperes(facts, session, current_a, report)
    expected_w = current_a * session.unit_power_w * session.share
    bad = POWER.differs(power_w, expected_w) & ~_stops_within_step(facts, plan, session, current_a, power_w)
    words = f"{who}: power is not current x voltage x pins x share of the step"
    report.steps(
        "session.power", f"{path}.power_w", bad, words, observed=power_w, allowed=expected_w, unit="W"
    )


def _check_whole_amperes(facts: Facts, session: Session, current_a: FloatArray, report: Report) -> None:
    """Whole amperes in executed steps at the poles that take no others."""
    if session.pole in facts.request.options.whole_ampere_poles:
        whole_a = np.round(current_a)
        bad = _executed(current_a) & CURRENT.differs(current_a, whole_a)
        words = f"session {session.transaction_id} at {session.pole}: the pole takes whole amperes only"
        path = f"devices.{session.pole}.current_a"
        report.steps("session.whole_amperes", path, bad, words, observed=current_a, allowed=whole_a, unit="A")


def _executed(current_a: FloatArray) -> Mask:
    return np.arange(len(current_a)) < EXECUTED_STEPS


def _check_pins(plan: Plan, session: Session, current_a: FloatArray, report: Report) -> None:
    """The same current on every used pin, none on the others."""
    for pin, values in (plan.devices[session.pole].current_a or {}).items():
        expected_a = current_a if pin in session.pins else current_a * 0
        wrong = (session.share > 0) & CURRENT.differs(np.array(values), expected_a)
        words = f"session {session.transaction_id} at {session.pole}: pin {pin} carries another current than it should"
        path = f"devices.{session.pole}.current_a.{pin}"
        report.steps("session.pins", path, wrong, words, observed=values, allowed=expected_a, unit="A")


def _stops_within_step(
    facts: Facts, plan: Plan, session: Session, current_a: FloatArray, power_w: FloatArray
) -> Mask:
    """Where the car takes the last of its need in a part of the step.

    In executed steps that is a need of less than 6 A, at exactly 6 A. A fallback plan is charging on arrival, which
    may stop in any step and at any current that is more than the need.
    """
    hours = facts.grid.hours
    taken_wh = power_w * hours
    left_wh = session.remaining_wh - (np.cumsum(taken_wh) - taken_wh)
    takes_the_rest = (left_wh > 0) & ~POWER.differs(power_w, left_wh / hours)
    unit_wh = session.unit_power_w * session.share * hours
    at_six = _executed(current_a) & ~CURRENT.differs(current_a, SMALLEST_CURRENT_A)
    stops = at_six & (left_wh < SMALLEST_CURRENT_A * unit_wh)
    if plan.status == "fallback":
        stops |= left_wh < current_a * unit_wh
    return np.asarray(takes_the_rest & stops)


def _check_direct(session: Session, power_w: FloatArray, report: Report) -> None:
    largest_w = session.full_power_w * session.share
    bad = POWER.exceeds(power_w, largest_w) | POWER.exceeds(-power_w, 0.0)
    words = f"session {session.transaction_id} at {session.pole}: power beyond 0 to what pole, car and window allow"
    report.steps(
        "session.rating",
        f"{_path(session)}.power_w",
        bad,
        words,
        observed=power_w,
        allowed=largest_w,
        unit="W",
    )


def _check_expected(session: Session, power_w: FloatArray, plan: Plan, report: Report) -> None:
    index = [entry.transaction_id for entry in plan.expected_sessions].index(session.transaction_id)
    path, who = f"expected_sessions.{index}.power_w", f"expected session {session.transaction_id}"
    outside = (session.share <= 0) & POWER.exceeds(np.abs(power_w), 0.0)
    words = f"{who} charges outside its window"
    report.steps("expected.window", path, outside, words, observed=power_w, allowed=power_w * 0, unit="W")
    largest_w = session.full_power_w * session.share
    bad = ~outside & (POWER.exceeds(power_w, largest_w) | POWER.exceeds(-power_w, 0.0))
    words = f"{who}: power beyond 0 to its weighted largest"
    report.steps("expected.rating", path, bad, words, observed=power_w, allowed=largest_w, unit="W")


def _check_suspended(session: Session, power_w: FloatArray, report: Report) -> None:
    executed = np.arange(len(power_w)) < EXECUTED_STEPS
    busy = executed & POWER.exceeds(np.abs(power_w), 0.0)
    words = f"session {session.transaction_id} is suspended by the car and gets nothing in the executed steps"
    report.steps(
        "session.suspended",
        f"{_path(session)}.power_w",
        busy,
        words,
        observed=power_w,
        allowed=power_w * 0,
        unit="W",
    )


def _check_unserved(facts: Facts, plan: Plan, charged_wh: list[float], report: Report) -> None:
    owed_wh = {
        session.transaction_id: max(0.0, session.owed_wh - energy_wh)
        for session, energy_wh in zip(facts.sessions, charged_wh, strict=True)
        if not session.expected
    }
    if set(owed_wh) != set(plan.unserved_wh):
        text = f"unserved_wh lists {sorted(plan.unserved_wh)}, the request has {sorted(owed_wh)}"
        report.add(
            "session.unserved",
            "unserved_wh",
            text,
            observed=sorted(plan.unserved_wh),
            allowed=sorted(owed_wh),
        )
        return
    for name, said_wh in plan.unserved_wh.items():
        words = f"energy not served to session {name}"
        report.equal("session.unserved", f"unserved_wh.{name}", words, said_wh, owed_wh[name], ENERGY)
