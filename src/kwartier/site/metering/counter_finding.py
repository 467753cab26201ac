"""What can be wrong with a meter's running total, and how it is said."""

from dataclasses import dataclass
from typing import Literal

CounterFault = Literal[
    "rollover",
    "reset",
    "meter_replaced",
    "step_back",
    "tenfold_jump",
    "stuck",
    "unit_swap",
]

_WHAT: dict[CounterFault, str] = {
    "rollover": "the register passed its last digit and began again at 0",
    "reset": "the total began again at 0: a new transaction, or the meter restarted",
    "meter_replaced": "the total goes on at another level: another meter, or a value set by hand",
    "step_back": "the total fell a little, and a total never falls",
    "tenfold_jump": "the total is ten times what it can be: a digit too many or too few",
    "stuck": "the total stands still while power flows: the meter or its gateway hangs",
    "unit_swap": "the total changes between Wh and kWh, or counts kWh: set the sender to Wh",
}


@dataclass(frozen=True)
class CounterFinding:
    """One fault of a running total, from the reading before it to the last one that shows it (epoch seconds).

    `rise_wh` is what the total rose by over that time, `flow_wh` what the powers say that flowed. Nothing is repaired:
    the energy of that time is not taken from the total.
    """

    fault: CounterFault
    from_s: float
    to_s: float
    rise_wh: float
    flow_wh: float

    @property
    def message(self) -> str:
        """What is wrong, in words."""
        return _WHAT[self.fault]
