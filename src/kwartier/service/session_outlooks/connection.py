"""The grid connection that a pole hangs on, and what else hangs there: roofs and batteries."""

from dataclasses import dataclass

from kwartier.site.devices import BatteryEnergyStorageSystem, ForecastedSeries3Phase
from kwartier.site.document import SiteConfiguration
from kwartier.site.tree import electrical_tree


@dataclass(frozen=True)
class Connection:
    """A root collector with the solar series and the batteries below it."""

    root: str
    roofs: tuple[ForecastedSeries3Phase, ...]
    batteries: tuple[str, ...]


def connection_of(configuration: SiteConfiguration, device_name: str) -> Connection | None:
    """The connection of a device; None where the site has no device of that name any more."""
    boards = electrical_tree(configuration).boards
    roots = {one.name: boards[one.collector].root for one in configuration.device_list}
    root = roots.get(device_name)
    if root is None:
        return None
    beside = [one for one in configuration.device_list if roots[one.name] == root]
    return Connection(
        root,
        tuple(one for one in beside if isinstance(one, ForecastedSeries3Phase) and one.forecast_type == "pv"),
        tuple(one.name for one in beside if isinstance(one, BatteryEnergyStorageSystem)),
    )
