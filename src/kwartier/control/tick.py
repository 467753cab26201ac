"""One tick of a site's control: facts at an instant and memory in, setpoints, events and memory out.

Nothing here waits, asks or knows what time it is. The order is that of authority: what devices do is booked, the grid
operator's limits and the fuses make the rows, the ladder says what is wanted, and the guard what of it fits.
"""

from collections.abc import Iterator
from dataclasses import replace

from kwartier.control.booking import Booking, bookings
from kwartier.control.events import ClockJumped, ControlEvent, LimitViolated, PeakAtRisk, ReplanWanted
from kwartier.control.facts import TickFacts
from kwartier.control.guard import Guarded, Moment, guarded
from kwartier.control.ladder import PLAN_RUNGS, Standing, standing
from kwartier.control.lines_before import LinesBefore, lines_before
from kwartier.control.memory import DeviceMemory, LineMemory, TickMemory
from kwartier.control.obedience import obeyed
from kwartier.control.operator_limits import OperatorState, operator_state
from kwartier.control.quarter_energy import memory_key, other_power_w, quarter_row
from kwartier.control.rows import Row, Rows, limit_a_by_line, line_rows, power_row
from kwartier.control.tick_outcome import TickOutcome
from kwartier.control.validity import SAME_A, is_due, remembered, told
from kwartier.control.wanted import wanted
from kwartier.control.wiring import ControlSite
from kwartier.units.quarter_hour import epoch_s, quarter_start_s

# A meter of class 1 (EN 50470-3) errs by a hundredth: below that a limit is met, not violated.
VIOLATED_RATIO = 0.01
# R33: an alarm when a clock's offset is more than a second.
LARGEST_JUMP_S = 1.0


def tick(site: ControlSite, facts: TickFacts, memory: TickMemory) -> TickOutcome:
    """What the devices of a site are told at this instant. The same arguments give the same outcome.

    Call it at least every few seconds, at each measurement that matters, and at once when a limit arrives. Raises
    ValueError where the wall clock shows a year before 1971 or after 2198: no message can carry that. Example:
    `outcome = tick(control_site(configuration), TickFacts(at=now, clock_s=monotonic_s), TickMemory())`.
    """
    events: list[ControlEvent] = []
    devices = remembered(site, facts, memory.devices)
    for device in site.devices:
        devices[device.name], event = obeyed(site, device, facts, devices[device.name])
        events += [event] if event is not None else []
    operator = operator_state(facts, memory.operator)
    stands = standing(site, facts, memory)
    events += [event for event in (operator.event, stands.event) if event is not None]
    booked = bookings(site, facts, devices)
    before = lines_before(memory, facts.clock_s)
    rows = _rows(site, facts, booked, operator, before)
    quarter_s = quarter_start_s(epoch_s(facts.at))
    moment = Moment(
        booked,
        tuple(devices[device.name] for device in site.devices),
        quarter_s,
        is_new_quarter=memory.quarter_s != quarter_s,
    )
    result = guarded(site, facts, rows, wanted(site, facts, stands), moment)
    lines, violations = _violations(rows)
    at_risk = _peaks_at_risk(rows)
    said_before = memory.peaks_at_risk if memory.quarter_s == quarter_s else frozenset()
    events += violations
    events += [_peak_at_risk(row) for key, row in at_risk.items() if key not in said_before]
    events += _clock_jump(facts, memory)
    events += _replan(site, stands, result)
    after = TickMemory(
        rung=stands.rung,
        better_since_s=stands.better_since_s,
        operator=operator.memory,
        quarter_s=quarter_s,
        clock_s=facts.clock_s,
        at=facts.at,
        minute_clock_s=before.minute_clock_s,
        devices={},
        lines=lines,
        peaks_at_risk=said_before | frozenset(at_risk),
    )
    return _told(site, facts, result, moment, stands, tuple(events), after)


def _rows(
    site: ControlSite,
    facts: TickFacts,
    booked: tuple[Booking, ...],
    operator: OperatorState,
    before: LinesBefore,
) -> Rows:
    """Every row: lines under fuses and the grid operator's currents, its powers, and planned peaks."""
    on_lines = line_rows(site, facts, booked, limit_a_by_line(site, operator.limits), before)
    lines = dict(on_lines.lines)
    powers = [power_row(site, facts, booked, limit) for limit in operator.limits]
    quarters = []
    for target in facts.quarter:
        other_w = other_power_w(site, facts, booked, target)
        if other_w is not None:
            key = memory_key(target)
            lines[key] = before.seen(key, other_w)
            quarters.append(quarter_row(site, facts, booked, target, lines[key]))
    return Rows((*on_lines.rows, *(row for row in powers if row is not None), *quarters), lines)


def _violations(rows: Rows) -> tuple[dict[tuple[str, str], LineMemory], list[LimitViolated]]:
    """The lines' memory with who is above its limit, and an event for each that was not before."""
    lines, events = dict(rows.lines), []
    for row in rows.rows:
        if row.kind != "line" or row.phase is None or (row.board, row.phase) not in lines:
            continue
        key = (row.board, row.phase)
        is_violated = row.excess_size > VIOLATED_RATIO * row.limit_size
        if is_violated and not lines[key].is_violated:
            events.append(
                LimitViolated(row.board, row.phase, row.limit_size + row.excess_size, row.limit_size)
            )
        lines[key] = replace(lines[key], is_violated=is_violated)
    return lines, events


def _peaks_at_risk(rows: Rows) -> dict[tuple[str, str | None], Row]:
    return {
        (row.board, row.phase): row
        for row in rows.rows
        if row.kind == "quarter" and row.excess_size > VIOLATED_RATIO * row.limit_size
    }


def _peak_at_risk(row: Row) -> PeakAtRisk:
    return PeakAtRisk(row.board, row.limit_size + row.excess_size, row.limit_size, row.phase)


def _clock_jump(facts: TickFacts, memory: TickMemory) -> Iterator[ClockJumped]:
    """What a reader of logs must know: messages carry the wall clock's time, everything else goes by the other one."""
    if memory.at is None or memory.clock_s is None:
        return
    jump_s = (facts.at - memory.at).total_seconds() - (facts.clock_s - memory.clock_s)
    if abs(jump_s) > LARGEST_JUMP_S:
        yield ClockJumped(jump_s)


def _replan(site: ControlSite, stands: Standing, result: Guarded) -> Iterator[ReplanWanted]:
    cut = [device.name for device, is_cut in zip(site.devices, result.is_cut, strict=True) if is_cut]
    if cut and stands.rung in PLAN_RUNGS:
        yield ReplanWanted(f"less than planned fits now: {', '.join(cut)} cut")


def _told(
    site: ControlSite,
    facts: TickFacts,
    result: Guarded,
    moment: Moment,
    stands: Standing,
    events: tuple[ControlEvent, ...],
    memory: TickMemory,
) -> TickOutcome:
    """The setpoints of a result: those that are due are sent, the others stay in force."""
    devices, to_send, in_force = {}, [], []
    for number, device in enumerate(site.devices):
        current_a, wants = float(result.current_a[number]), result.wanted[number]
        before = moment.memory[number]
        now = _after(before, current_a, facts, moment.quarter_s)
        if is_due(site, before, current_a, wants, facts.clock_s):
            said = told(site, device, current_a, wants, facts)
            now = replace(now, told=(*now.told, said))
            to_send.append(said.setpoint)
        devices[device.name] = now
        if now.newest is not None:
            in_force.append(now.newest.setpoint)
    return TickOutcome(
        to_send=tuple(to_send),
        in_force=tuple(in_force),
        events=events,
        rung=stands.rung,
        reason=stands.reason,
        memory=replace(memory, devices=devices),
    )


def _after(before: DeviceMemory, current_a: float, facts: TickFacts, quarter_s: int) -> DeviceMemory:
    """The memory of a device after this tick, its setpoints aside."""
    change_a = 0.0 if before.newest is None else current_a - before.newest.current_a
    is_changed = before.newest is None or abs(change_a) > SAME_A
    is_served = current_a > 0.0
    return replace(
        before,
        first_told_s=facts.clock_s if before.first_told_s is None else before.first_told_s,
        changed_clock_s=facts.clock_s if is_changed else before.changed_clock_s,
        quarter=before.quarter.now(quarter_s).after(change_a if is_changed else 0.0),
        served_clock_s=facts.clock_s if is_served else before.served_clock_s,
        serving_since_s=(before.serving_since_s or facts.clock_s) if is_served else None,
    )
