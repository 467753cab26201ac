"""What a simulated site did, for people a line per minute, for programs a JSON object per step."""

import json
from collections.abc import Callable, Mapping

from kwartier.control.setpoint import Setpoint
from kwartier.simulation.simulated_site import SimulatedSite
from kwartier.simulation.site_step import SiteStep
from kwartier.units.instant import format_instant


class SimulatedLines:
    """Shows steps: each in JSON, else the first of every simulated minute."""

    def __init__(self, site: SimulatedSite, show: Callable[[str], None], *, as_json: bool) -> None:
        self._site, self._show, self._as_json = site, show, as_json
        self._minute = ""

    def show(self, step: SiteStep, told: Mapping[str, Setpoint]) -> None:
        """Show the step, with how many setpoints hold in it."""
        moment = format_instant(step.state.at)
        if self._as_json:
            self._show(json.dumps(event(step, told)))
        elif moment[:16] != self._minute:
            self._minute = moment[:16]
            self._show(self._line(step, told))

    def _line(self, step: SiteStep, told: Mapping[str, Setpoint]) -> str:
        power_w = {one.asset_id: one.power_value for one in step.measurements}
        roots = ", ".join(f"{root.name} {power_w[root.name] / 1000:.1f} kW" for root in self._site.tree.roots)
        in_force = [one for one in told.values() if one.valid_from <= step.state.at < one.valid_until]
        rungs = "/".join(sorted({one.rung for one in in_force})) or "none, on fallback"
        local = step.state.at.astimezone(self._site.zone)
        news = "".join(f", {one.asset_id} {one.transaction_state}" for one in step.transactions[:3])
        return (
            f"{local:%H:%M} {roots}, {len(step.state.said)} cars, setpoints {len(in_force)} ({rungs}){news}"
        )


def event(step: SiteStep, told: Mapping[str, Setpoint]) -> dict[str, object]:
    """The step as a JSON object: W and percent by asset, what happened to cars, and the rung of each setpoint in force.

    Whether a device is on its fallback shows in that no rung stands for it.
    """
    at = step.state.at
    return {
        "at": format_instant(at),
        "power_w": {one.asset_id: round(one.power_value, 1) for one in step.measurements},
        "state_of_charge_percent": {
            one.asset_id: round(one.current_state_of_charge, 2)
            for one in step.measurements
            if one.current_state_of_charge is not None
        },
        "transactions": {one.transaction_id: one.transaction_state for one in step.transactions},
        "rungs": {name: one.rung for name, one in told.items() if one.valid_from <= at < one.valid_until},
    }
