"""Forecasts of a site's series for a plan, from what was measured of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kwartier.forecasting.forecaster import ForecastCase, Forecaster, Place
from kwartier.forecasting.load_forecast import forecast_load
from kwartier.forecasting.power_forecast import PowerForecast
from kwartier.forecasting.power_history import NOTHING, FloatArray, PowerHistory
from kwartier.forecasting.pv_forecast import forecast_pv
from kwartier.planning.request import SeriesForecast
from kwartier.service.plan_assembly.facts import SiteFacts
from kwartier.service.plan_assembly.measured_series import measured_wh
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.timezone import country_code
from kwartier.site.tree import electrical_tree
from kwartier.units.hourly_power import hourly_later_w
from kwartier.units.phase import PhaseName
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, from_epoch_s, quarter_start_s

FORECASTER_BY_TYPE: dict[str, Forecaster] = {"load": forecast_load, "pv": forecast_pv}
# Of a degraded forecast a plan counts on what nine of ten quarter-hours stay below: more load, less sun
# (reliability.md, R57: wider margins).
MARGIN_RATIO = 0.9


@dataclass(frozen=True)
class SeriesOutlook:
    """The forecast of one series, what a plan counts on of it, and where it comes from in words."""

    power: PowerForecast
    forecast: SeriesForecast
    source: str


def site_place(facts: SiteFacts) -> Place:
    """Where the site stands, as forecasts need it."""
    latitude_deg, longitude_deg, *altitude_m = facts.site.location.coordinates
    country = country_code(facts.site.country)
    return Place(facts.timezone, country, latitude_deg, longitude_deg, *altitude_m[:1])


def series_outlooks(facts: SiteFacts, end: datetime) -> dict[str, SeriesOutlook]:
    """A forecast for each series of the site from the running quarter-hour to `end`; there is always one.

    A plan counts on the mean, of a degraded forecast on P90. A series without a meter of its own, the rest of its
    collector, is forecast from what its collector took and all else below it did not.
    """
    configuration = facts.site.configurations.site_configuration
    if configuration is None:
        return {}
    first_s = quarter_start_s(epoch_s(facts.at))
    quarter_count = int(-(-(epoch_s(end) - first_s) // QUARTER_S))
    boards, place = electrical_tree(configuration).boards, site_place(facts)
    outlooks: dict[str, SeriesOutlook] = {}
    for device in configuration.device_list:
        if isinstance(device, ForecastedSeries3Phase):
            board = boards[device.collector]
            case = ForecastCase(
                epoch_s(facts.at),
                quarter_count,
                _history(measured_wh(device, configuration, facts.quarters), facts),
                place,
                device.line_current * board.voltage_v * len(board.phases),
            )
            power = FORECASTER_BY_TYPE[device.forecast_type](case)
            shares = None if board.single_phase else facts.shares_by_series.get(device.name)
            outlooks[device.name] = _outlook(power, shares, facts)
    return outlooks


def _history(energy_wh: FloatArray | None, facts: SiteFacts) -> PowerHistory:
    if energy_wh is None or not len(energy_wh):
        return NOTHING
    starts_s = next(iter(facts.quarters.values())).start_s
    return PowerHistory(int(starts_s[0]), energy_wh / QUARTER_H)


def _outlook(
    power: PowerForecast, shares: Mapping[PhaseName, float] | None, facts: SiteFacts
) -> SeriesOutlook:
    is_good = power.quality == "good"
    planned_w = power.mean_w if is_good else power.level_w(MARGIN_RATIO)
    if facts.options.resolution == "mixed":
        planned_w = hourly_later_w(planned_w, power.first_s, epoch_s(facts.at))
    source = power.source
    if not is_good:
        why = "; ".join(finding.message for finding in power.findings)
        source += f"; degraded, so planned on P90: {why}"
    if shares is not None:
        source += "; spread over the phases as in the last day"
    return SeriesOutlook(power, _document(power.first_s, planned_w, shares), source)


def _document(
    first_s: int, planned_w: FloatArray, shares: Mapping[PhaseName, float] | None
) -> SeriesForecast:
    """The series as a request holds it: of each phase where the shares are known, else a total."""
    start = from_epoch_s(first_s)
    if shares is None:
        return SeriesForecast(start=start, resolution="PT15M", power_w=np.round(planned_w, 1).tolist())
    by_phase = {phase: np.round(planned_w * share, 1).tolist() for phase, share in shares.items()}
    return SeriesForecast(start=start, resolution="PT15M", power_w=by_phase)
