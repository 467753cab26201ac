"""Forecasts of a site's series from its own last days, until something better forecasts them."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import SeriesForecast
from kwartier.service.plan_assembly.facts import HISTORY_DAYS, SiteFacts
from kwartier.service.plan_assembly.measured_series import measured_wh
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, from_epoch_s, quarter_start_s

FloatArray = npt.NDArray[np.float64]

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class SeriesOutlook:
    """The forecast of one series and where it comes from; None where nothing is known to make one from."""

    forecast: SeriesForecast | None
    note: str


def series_outlooks(facts: SiteFacts, end: datetime) -> dict[str, SeriesOutlook]:
    """A forecast for each series of the site from the running quarter-hour to `end`.

    The power of a quarter-hour is the mean of the quarter-hours with the same local time on the days of its kind
    (working day, Saturday, Sunday) among the last 7 days; where none of those is known, on any of these days; where
    none is, the mean of all that is known. Without any, the series is left out: the planner then assumes 0 W and warns.
    """
    configuration = facts.site.configurations.site_configuration
    outlooks: dict[str, SeriesOutlook] = {}
    for device in configuration.device_list if configuration else ():
        if isinstance(device, ForecastedSeries3Phase):
            assert configuration is not None  # noqa: S101  # it has this device
            energy_wh = measured_wh(device, configuration, facts.quarters)
            outlooks[device.name] = _outlook(device.name, energy_wh, facts, end)
    return outlooks


def _outlook(name: str, energy_wh: FloatArray | None, facts: SiteFacts, end: datetime) -> SeriesOutlook:
    known = {} if energy_wh is None else _known_power_w(energy_wh, facts)
    if not known:
        return SeriesOutlook(
            None, f"{name}: nothing measured in the last {HISTORY_DAYS} days to forecast from"
        )
    first_s = quarter_start_s(epoch_s(facts.at))
    cells_s = range(first_s, int(-(-epoch_s(end) // QUARTER_S) * QUARTER_S), QUARTER_S)
    power_w = _means_w(known, [*cells_s], facts.timezone)
    note = (
        f"{name}: forecast as the mean of the last {HISTORY_DAYS} days at the same time, "
        f"of {len(known)} known quarter-hours"
    )
    start = from_epoch_s(first_s)
    return SeriesOutlook(SeriesForecast(start=start, resolution="PT15M", power_w=power_w), note)


def _known_power_w(energy_wh: FloatArray, facts: SiteFacts) -> dict[float, float]:
    """Power (W) of each whole known quarter-hour of the last days, by its start (epoch seconds)."""
    starts_s = next(iter(facts.quarters.values())).start_s
    oldest_s = epoch_s(facts.at - timedelta(days=HISTORY_DAYS))
    is_recent = (starts_s >= oldest_s) & (starts_s + QUARTER_S <= epoch_s(facts.at)) & ~np.isnan(energy_wh)
    power_w = energy_wh[is_recent] / QUARTER_H
    return dict(zip(starts_s[is_recent].tolist(), power_w.tolist(), strict=True))


def _means_w(known: dict[float, float], cells_s: list[int], timezone: tzinfo) -> list[float | None]:
    groups = defaultdict[Hashable, list[float]](list)
    for moment_s, power_w in known.items():
        for key in _keys(moment_s, timezone):
            groups[key].append(power_w)
    means_w = {key: sum(powers_w) / len(powers_w) for key, powers_w in groups.items()}
    return [next(means_w[key] for key in _keys(moment_s, timezone) if key in means_w) for moment_s in cells_s]


def _keys(moment_s: float, timezone: tzinfo) -> tuple[Hashable, ...]:
    """What a quarter-hour is alike in, closest likeness first: kind of day and time, time, nothing."""
    local = from_epoch_s(moment_s).astimezone(timezone)
    kind = local.weekday() if local.weekday() in (_SATURDAY, _SUNDAY) else 0
    return (kind, local.time()), local.time(), None
