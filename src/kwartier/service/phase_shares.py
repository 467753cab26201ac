"""How the power of a series is spread over the phases, from what its meter says of each."""

import json
from collections.abc import Iterable

from kwartier.units.phase import PHASES, PINS, PhaseName

PHASE_BY_PIN: dict[str, PhaseName] = {name: name for name in PHASES} | dict(zip(PINS, PHASES, strict=True))


def phase_shares(pins_json: Iterable[str | None]) -> dict[PhaseName, float] | None:
    """The share of each phase (0 to 1, together 1) in the readings of a meter; None where they do not tell it.

    `pins_json` holds what each measurement says of its pins, as it is stored. A phase that a reading leaves out has
    nothing in it. Phases that flow against the sum have no share.

    >>> phase_shares(['{"L1": {"powerValue": 300.0}, "L2": {"powerValue": 100.0}}', None])
    {'L1': 0.75, 'L2': 0.25, 'L3': 0.0}
    """
    sums_w: dict[PhaseName, float] = dict.fromkeys(PHASES, 0.0)
    for text in pins_json:
        for pin, told in json.loads(text or "{}").items():
            sums_w[PHASE_BY_PIN[pin]] += told.get("powerValue") or 0.0
    sign = -1.0 if sum(sums_w.values()) < 0 else 1.0
    along_w = {phase: max(0.0, sign * power_w) for phase, power_w in sums_w.items()}
    total_w = sum(along_w.values())
    if total_w == 0.0:
        return None
    return {phase: power_w / total_w for phase, power_w in along_w.items()}
