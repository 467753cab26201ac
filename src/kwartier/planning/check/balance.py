"""Energy balance: the fixed load as forecast, currents and powers summed up the tree, offtake and injection."""

import numpy as np

from kwartier.planning.check.batteries import stored_wh_by_battery
from kwartier.planning.check.charging import pole_current_a, session_power_w
from kwartier.planning.check.facts import Facts
from kwartier.planning.check.flow import Flow, balanced_split, pins_split
from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.held_values import step_means
from kwartier.planning.check.outcome import Outcome, net_power_w, offtake_and_injection_w
from kwartier.planning.check.result import Report
from kwartier.planning.check.sessions import phases_of
from kwartier.planning.check.tolerances import CURRENT, POWER
from kwartier.planning.plan import Plan
from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase


def plan_outcome(facts: Facts, plan: Plan) -> Outcome:
    """What a plan's device arrays do to the site."""
    step_count = facts.grid.step_count
    running, average = Flow(facts.network, step_count), Flow(facts.network, step_count)
    charged_wh: list[float] = []
    for session in facts.sessions:
        power_w = session_power_w(plan, session)
        charged_wh.append(float(np.sum(power_w * facts.grid.hours)))
        mean_load_count = power_w / session.unit_power_w
        average.add(session.collector, session.split, mean_load_count)
        if session.alternating and not session.expected:
            running_load_count = np.where(session.share > 0, pole_current_a(plan, session.pole), 0.0)
        else:
            running_load_count = mean_load_count / np.where(session.share > 0, session.share, 1.0)
        running.add(session.collector, session.split, running_load_count)
    _add_unowned(facts, plan, running, average)
    for name, battery in facts.devices.batteries.items():
        for flow in (running, average):
            split = balanced_split(facts.network.nodes[battery.collector])
            flow.add(battery.collector, split, np.array(plan.devices[name].power_w))
    stored_wh = {name: float(course[-1]) for name, course in stored_wh_by_battery(facts, plan).items()}
    return Outcome(running, average, charged_wh, stored_wh)


def _add_unowned(facts: Facts, plan: Plan, running: Flow, average: Flow) -> None:
    """Count what poles take outside every session too: forbidden, and still a load on all their pins."""
    for name, pole in facts.devices.poles.items():
        free = np.ones(facts.grid.step_count, dtype=bool)
        for session in facts.real_sessions:
            if session.pole == name:
                free &= session.share <= 0
        power_w = np.where(free, np.array(plan.devices[name].power_w), 0.0)
        node = facts.network.nodes[pole.collector]
        if isinstance(pole, ChargingPole3Phase):
            split = pins_split(node, phases_of(pole, tuple(pole.pin_to_phase_mapping.pin_list)))
            running.add(node.name, split, np.where(free, pole_current_a(plan, name), 0.0))
            average.add(node.name, split, power_w / sum(share.power_w for share in split.values()))
        else:
            running.add(node.name, balanced_split(node), power_w)
            average.add(node.name, balanced_split(node), power_w)


def check_balance(facts: Facts, plan: Plan, outcome: Outcome, report: Report) -> None:
    """Report series, collectors, offtake and injection that are not what was recomputed."""
    _check_series(facts, plan, report)
    for name in facts.network.nodes:
        _check_collector(facts, plan, outcome, name, report)
    offtake_w, injection_w = offtake_and_injection_w(facts, outcome.average)
    words = "power taken from the grid by all roots"
    report.equal_steps("balance.offtake", "offtake_w", words, np.array(plan.offtake_w), offtake_w, POWER)
    words = "power given to the grid by all roots"
    report.equal_steps(
        "balance.injection", "injection_w", words, np.array(plan.injection_w), injection_w, POWER
    )


def _check_series(facts: Facts, plan: Plan, report: Report) -> None:
    for name, by_phase in facts.series_power_w.items():
        device, path = plan.devices[name], f"devices.{name}"
        total_w: FloatArray = np.zeros(facts.grid.step_count)
        for phase, piece_w in by_phase.items():
            mean_w = step_means(piece_w, facts.grid)
            total_w += mean_w
            said_w = np.array((device.power_w_per_phase or {})[phase])
            words = f"clipped forecast of {name}, {phase}"
            report.equal_steps(
                "series.power", f"{path}.power_w_per_phase.{phase}", words, said_w, mean_w, POWER
            )
        words = f"clipped forecast of {name}"
        report.equal_steps("series.power", f"{path}.power_w", words, np.array(device.power_w), total_w, POWER)


def _check_collector(facts: Facts, plan: Plan, outcome: Outcome, name: str, report: Report) -> None:
    said, path = plan.collectors[name], f"collectors.{name}"
    current_a = {
        phase: step_means(fixed_a, facts.grid) + outcome.running.current_a_by_collector[name][phase]
        for phase, fixed_a in facts.fixed.current_a_by_collector[name].items()
    }
    for phase, expected_a in facts.network.nodes[name].line_currents_a(current_a).items():
        words = f"current of collector {name}, {phase}"
        seen_a = np.array(said.current_a[phase])
        report.equal_steps(
            "collector.current", f"{path}.current_a.{phase}", words, seen_a, expected_a, CURRENT
        )
    words = f"power of collector {name}"
    expected_w = net_power_w(facts, outcome.average, name)
    report.equal_steps("collector.power", f"{path}.power_w", words, np.array(said.power_w), expected_w, POWER)
