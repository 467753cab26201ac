"""The measured energy of a series, also of one that has no meter of its own."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.document import SiteConfiguration
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.tree import ElectricalTree, electrical_tree

FloatArray = npt.NDArray[np.float64]


def measured_wh(
    series: ForecastedSeries3Phase,
    configuration: SiteConfiguration,
    quarters: Mapping[str, QuarterEnergies],
) -> FloatArray | None:
    """Energy per quarter-hour, Wh, NaN where it is not known; None where nothing was ever measured.

    A series with `should_be_aggregated` is its collector's meter minus everything else measured below that collector
    (contract.md, section 1); where one of those is not known, neither is it.
    """
    if not series.should_be_aggregated:
        return _known_wh(quarters, series.name)
    total_wh = _known_wh(quarters, series.collector)
    if total_wh is None:
        return None
    tree = electrical_tree(configuration)
    for name in _measured_below(series.collector, series.name, configuration, tree, quarters):
        other_wh = _known_wh(quarters, name)
        total_wh = total_wh - other_wh if other_wh is not None else total_wh
    return total_wh


def assets_looked_at(configuration: SiteConfiguration) -> set[str]:
    """The assets whose energies a plan needs: connections, series, and what a series without a meter is left of."""
    tree = electrical_tree(configuration)
    names = {root.name for root in tree.roots}
    for device in configuration.device_list:
        if isinstance(device, ForecastedSeries3Phase):
            names.add(device.name)
            if device.should_be_aggregated:
                names |= _all_below(device.collector, configuration, tree)
    return names


def _all_below(collector: str, configuration: SiteConfiguration, tree: ElectricalTree) -> set[str]:
    below = {
        board.name
        for board in tree.boards.values()
        if collector in {one.name for one in tree.path_to_root(board.name)}
    }
    return below | {device.name for device in configuration.device_list if device.collector in below}


def _known_wh(quarters: Mapping[str, QuarterEnergies], name: str) -> FloatArray | None:
    found = quarters.get(name)
    return None if found is None else np.where(found.is_known, found.energy_wh, np.nan)


def _measured_below(
    collector: str,
    but: str,
    configuration: SiteConfiguration,
    tree: ElectricalTree,
    quarters: Mapping[str, QuarterEnergies],
) -> list[str]:
    """Names whose energies make up what is measured below a collector: a board's own meter stands for all below it."""
    names = [
        device.name
        for device in configuration.device_list
        if device.collector == collector and device.name != but
    ]
    for board in tree.boards.values():
        if board.parent == collector:
            is_metered = board.name in quarters
            names += (
                [board.name]
                if is_metered
                else _measured_below(board.name, but, configuration, tree, quarters)
            )
    return names
