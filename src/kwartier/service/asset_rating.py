"""The most power that an asset of a site can take or give, where its configuration says."""

from collections.abc import Iterator

from kwartier.site.collector import Collector
from kwartier.site.devices import Device
from kwartier.site.document import Site

# Three phases at the upper end of the voltage band of EN 50160 (230 V + 10 %); a 3 x 230 V network carries less.
W_PER_A = 3 * 253.0

_RATINGS_W = ("max_power", "maximum_charging_power", "maximum_discharging_power")


def asset_rating_w(site: Site, asset_id: str) -> float | None:
    """The largest power of a device or a collector, W; None for what stands in no configuration.

    It serves to tell what a meter cannot have counted, so it is never too small: a single-phase device counts as three.
    """
    configuration = site.configurations.site_configuration
    if configuration is None:
        return None
    parts: list[Device | Collector] = [*configuration.device_list, *_collectors(configuration.collector_list)]
    ratings_w = [rating for part in parts if part.name == asset_id for rating in _ratings_w(part)]
    return max(ratings_w, default=None)


def _ratings_w(part: Device | Collector) -> Iterator[float]:
    current_a = getattr(part, "line_current", None)
    if current_a is not None:
        yield current_a * W_PER_A
    for name in _RATINGS_W:
        power_w = getattr(part, name, None)
        if power_w is not None:
            yield float(power_w)


def _collectors(collectors: list[Collector]) -> Iterator[Collector]:
    for collector in collectors:
        yield collector
        yield from _collectors([child for child in collector.children or () if isinstance(child, Collector)])
