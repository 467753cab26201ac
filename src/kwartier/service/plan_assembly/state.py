"""The state of a site in a plan request: batteries, the month's peaks, the running quarter-hour."""

from datetime import timedelta

import numpy as np

from kwartier.planning.request import BatteryState, MonthPeaks, QuarterSoFar, SiteState
from kwartier.service.plan_assembly.facts import SiteFacts, month_start
from kwartier.site.devices import BatteryEnergyStorageSystem
from kwartier.site.document import SiteConfiguration
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.tree import electrical_tree
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, quarter_start_s

# contract.md, section 2: an asset that has not sent for so long is not sending; what it said then holds no more.
OLDEST_STATE = timedelta(minutes=15)


def site_state(facts: SiteFacts, configuration: SiteConfiguration) -> SiteState:
    """The state as far as it is known; what is not is left out, and the planner says what it assumes."""
    roots = [root.name for root in electrical_tree(configuration).roots if root.name in facts.quarters]
    peaks = {name: _month_peaks(facts.quarters[name], facts) for name in roots}
    so_far = {name: _quarter_so_far(facts.quarters[name], facts) for name in roots}
    return SiteState(
        batteries=_batteries(facts, configuration),
        month_peaks={name: peak for name, peak in peaks.items() if peak is not None},
        quarter_so_far={name: energy for name, energy in so_far.items() if energy is not None},
    )


def _batteries(facts: SiteFacts, configuration: SiteConfiguration) -> dict[str, BatteryState]:
    found = {}
    for device in configuration.device_list:
        told = facts.charges.get(device.name)
        if (
            isinstance(device, BatteryEnergyStorageSystem)
            and told is not None
            and facts.at - told.told_at <= OLDEST_STATE
        ):
            found[device.name] = BatteryState(state_of_charge=told.charge_percent)
    return found


def _month_peaks(quarters: QuarterEnergies, facts: SiteFacts) -> MonthPeaks | None:
    """The highest known quarter-hour averages of the local month, in both directions; None where none is known."""
    begins_s = epoch_s(month_start(facts.at, facts.timezone))
    ends_s = quarters.start_s + QUARTER_S
    counts = quarters.is_known & (quarters.start_s >= begins_s) & (ends_s <= epoch_s(facts.at))
    if not counts.any():
        return None
    power_w = quarters.energy_wh[counts] / QUARTER_H
    return MonthPeaks(offtake_w=max(0.0, float(power_w.max())), injection_w=max(0.0, float((-power_w).max())))


def _quarter_so_far(quarters: QuarterEnergies, facts: SiteFacts) -> QuarterSoFar | None:
    """The energy of the running quarter-hour up to now; the seconds since the last reading go on as those before."""
    at_s = epoch_s(facts.at)
    start_s = quarter_start_s(at_s)
    here = np.flatnonzero(quarters.start_s == start_s)
    if not len(here) or quarters.covered_ratio[here[0]] <= 0.0:
        return None
    covered_s = float(quarters.covered_ratio[here[0]]) * QUARTER_S
    energy_wh = float(quarters.energy_wh[here[0]]) * (at_s - start_s) / covered_s
    return QuarterSoFar(offtake_wh=max(0.0, energy_wh), injection_wh=max(0.0, -energy_wh))
