"""The uncontrolled reference: every car at full power on arrival within the hard limits, batteries idle."""

from math import floor

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.flow import Flow
from kwartier.planning.check.grid import EXECUTED_STEPS, FloatArray
from kwartier.planning.check.outcome import Outcome
from kwartier.planning.check.sessions import Session
from kwartier.planning.check.tolerances import FLOAT_NOISE
from kwartier.planning.check.tree import PREVIOUS, PREVIOUS_PAIR, Node

SMALLEST_CURRENT_A = 6.0
# Less than this left of a need is what rounding leaves.
MET_WH = 1e-3


def uncontrolled(facts: Facts) -> Outcome:
    """What the site does when nobody plans: sessions served one after the other by start, then by transaction id."""
    step_count = facts.grid.step_count
    running, average = Flow(facts.network, step_count), Flow(facts.network, step_count)
    charged_wh = [0.0] * len(facts.sessions)
    order = sorted(
        range(len(facts.sessions)),
        key=lambda k: (facts.sessions[k].start_s, facts.sessions[k].transaction_id),
    )
    for k in order:
        session = facts.sessions[k]
        if not np.any(session.share > 0):
            continue
        load_count, energy_wh = _serve(session, _room(facts, running, session), facts)
        running.add(session.collector, session.split, load_count)
        mean_load_count = energy_wh / facts.grid.hours / session.unit_power_w
        average.add(session.collector, session.split, mean_load_count)
        charged_wh[k] = float(np.sum(energy_wh))
    stored_wh = {
        name: percent / 100 * battery.operational_battery_capacity
        for name, battery in facts.devices.batteries.items()
        if (percent := facts.initial_percent(name)) is not None
    }
    return Outcome(running, average, charged_wh, stored_wh)


def _serve(session: Session, room: FloatArray, facts: Facts) -> tuple[FloatArray, FloatArray]:
    """Load units while charging and Wh taken in each step, until nothing remains."""
    hours = facts.grid.hours
    units, taken_wh = np.zeros(len(hours)), np.zeros(len(hours))
    left_wh = session.remaining_wh
    for step in np.flatnonzero(session.share > 0).tolist():
        executed = step < EXECUTED_STEPS
        if left_wh <= MET_WH or (executed and session.suspended):
            continue
        largest = min(session.largest_load_count, float(room[step]))
        if executed and session.pole in facts.request.options.whole_ampere_poles:
            largest = _whole_amperes(session, largest)
        if executed and session.six_ampere_rule and largest < SMALLEST_CURRENT_A - FLOAT_NOISE:
            continue
        unit_wh = session.unit_power_w * float(session.share[step]) * float(hours[step])
        taken_wh[step] = min(left_wh, largest * unit_wh)
        # Who has no current of its own in a plan is judged by its mean power: it does not stop, it slows down.
        units[step] = largest if session.six_ampere_rule else taken_wh[step] / unit_wh
        left_wh -= taken_wh[step]
    return units, taken_wh


def _whole_amperes(session: Session, largest_a: float) -> float:
    """The whole amperes in a current of a real AC session; what others take has no pilot to obey."""
    return floor(largest_a + FLOAT_NOISE) if session.six_ampere_rule else largest_a


def _room(facts: Facts, running: Flow, session: Session) -> FloatArray:
    """Load units that every limit on a session's way to the grid leaves in each step, never negative."""
    room = np.full(facts.grid.step_count, np.inf)
    unit_a: dict[str, dict[str, float]] = {}
    for own_phase, share in session.split.items():
        for name, phase in facts.network.climb(session.collector, own_phase):
            unit_a.setdefault(name, {})[phase] = share.current_a
    for name, unit_a_by_phase in unit_a.items():
        room = np.minimum(room, _current_room(facts, running, facts.network.nodes[name], unit_a_by_phase))
        for limit_w in facts.limits.offtake_w_by_collector[name]:
            total_w = facts.fixed.total_w(name) + running.total_w(name)[facts.grid.piece_step]
            worst_w = np.maximum.reduceat(total_w, facts.grid.first_piece_index)
            room = np.minimum(room, (limit_w - worst_w) / session.unit_power_w)
    return np.asarray(np.maximum(room, 0.0))


def _current_room(facts: Facts, running: Flow, node: Node, unit_a_by_phase: dict[str, float]) -> FloatArray:
    """Load units that the current limits of one collector leave in each step."""
    grid = facts.grid
    limit_a = np.minimum.reduce(facts.limits.current_a_by_collector[node.name])[grid.piece_step]
    zero = np.zeros(len(grid.piece_step))
    present = {
        phase: facts.fixed.current_a_by_collector[node.name][phase] + current[grid.piece_step]
        for phase, current in running.current_a_by_collector[node.name].items()
    }
    added = {phase: zero + unit_a_by_phase.get(phase, 0.0) for phase in node.phases}
    room = zero + np.inf
    for phase in node.phases:
        if not node.has_lines_of_pairs:
            if phase in unit_a_by_phase:
                room = np.minimum(room, (limit_a - present[phase]) / unit_a_by_phase[phase])
            continue
        base = present[phase] + present[PREVIOUS[phase]] * PREVIOUS_PAIR
        direction = added[phase] + added[PREVIOUS[phase]] * PREVIOUS_PAIR
        if np.any(np.abs(direction) > 0):
            room = np.minimum(room, _along(base, direction, limit_a))
    return np.asarray(np.minimum.reduceat(room, grid.first_piece_index))


def _along(base: FloatArray, direction: FloatArray, radius: FloatArray) -> FloatArray:
    """The largest x with |base + x direction| = radius; 0 where the ray's line misses the circle."""
    square = np.abs(direction) ** 2
    half, across = np.real(base * np.conj(direction)), np.imag(base * np.conj(direction))
    # The same as half^2 - square (|base|^2 - radius^2), without the difference of two large numbers where it touches.
    discriminant = square * radius**2 - across**2
    root = np.sqrt(np.maximum(discriminant, 0.0))
    return np.asarray(
        np.where(discriminant < -FLOAT_NOISE * square * np.abs(base) ** 2, 0.0, (root - half) / square)
    )
