"""What happens on a site: the flows of all that is controlled, the cars' energy, the batteries' content."""

from dataclasses import dataclass

import numpy as np

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.flow import Flow
from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.held_values import step_means


@dataclass(frozen=True)
class Outcome:
    """A plan's or the uncontrolled site's doings, the fixed load left out; arrays per step.

    `running` is what flows while all charging of a step runs (limits hold for it), `average` its mean over the step
    (energy and peaks count it). `charged_wh` follows `Facts.sessions`; `stored_wh` is the energy at the end in each
    battery whose state is known.
    """

    running: Flow
    average: Flow
    charged_wh: list[float]
    stored_wh: dict[str, float]


def net_power_w(facts: Facts, average: Flow, collector: str) -> FloatArray:
    """Mean power of a collector in each step, W, fixed load and controlled together, positive when consumed."""
    return step_means(facts.fixed.total_w(collector), facts.grid) + average.total_w(collector)


def offtake_and_injection_w(facts: Facts, average: Flow) -> tuple[FloatArray, FloatArray]:
    """Power taken from and given to the grid in each step, summed over the roots, which are not netted."""
    offtake_w = np.zeros(facts.grid.step_count)
    injection_w = np.zeros(facts.grid.step_count)
    for root in facts.network.roots:
        power_w = net_power_w(facts, average, root)
        offtake_w += np.maximum(power_w, 0.0)
        injection_w += np.maximum(-power_w, 0.0)
    return offtake_w, injection_w
