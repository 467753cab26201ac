"""The plan request of a moment, from what a controller sees and what it counts on."""

import math
from dataclasses import dataclass, field
from functools import cached_property

from kwartier.forecasting.forecaster import Place
from kwartier.planning.loop_options import TOLD_EVERYTHING
from kwartier.planning.request import (
    BatteryState,
    MonthPeaks,
    PlanOptions,
    PlanRequest,
    QuarterSoFar,
    SeriesForecast,
    SiteState,
    TariffState,
)
from kwartier.simulation.observation import Observation
from kwartier.simulation.outlook.car_outlook import CarOutlook, reservations
from kwartier.simulation.outlook.knowledge import Knowledge
from kwartier.simulation.outlook.peak_floor import PeakFloor
from kwartier.simulation.outlook.price_outlook import PriceOutlook
from kwartier.simulation.outlook.series_outlook import SeriesOutlook
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.simulation.tariff_memory import highest_peak_w, year_offtake_kwh
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration
from kwartier.site.timezone import country_code
from kwartier.site.transaction import Transaction
from kwartier.site.tree import electrical_tree
from kwartier.units.hourly_power import hourly_later_w
from kwartier.units.quarter_hour import QUARTER_S, from_epoch_s, quarter_start_s

DAY_S = 86_400


@dataclass
class SiteOutlook:
    """Makes plan requests of one site. Of `recorded` it reads the document, and what `knowledge` lends it.

    No plan looks beyond `until_s` (epoch seconds), the end of what is simulated.
    """

    recorded: RecordedSite
    knowledge: Knowledge
    floor: PeakFloor
    until_s: float
    options: PlanOptions = TOLD_EVERYTHING
    _prices: PriceOutlook = field(init=False)
    _cars: CarOutlook = field(init=False)

    def __post_init__(self) -> None:
        truth = self.recorded.price_days if self.knowledge.are_prices_known else None
        self._prices = PriceOutlook(truth)
        self._cars = CarOutlook(self.recorded.pole_names, self._place)

    @cached_property
    def _place(self) -> Place:
        latitude_deg, longitude_deg, *altitude_m = self.recorded.site.location.coordinates
        country = country_code(self.recorded.site.country)
        return Place(self.recorded.zone, country, latitude_deg, longitude_deg, *altitude_m[:1])

    def horizon_s(self, at_s: float) -> float:
        """How far a plan that is made at a moment looks, s."""
        return min(self._longest_s, self.until_s - at_s)

    @cached_property
    def _longest_s(self) -> int:
        found = self.recorded.site.configurations.optimization_configuration or OptimizationConfiguration()
        return HORIZON_DAYS_BY_NAME[found.planning_horizon] * DAY_S

    @cached_property
    def _series(self) -> list[SeriesOutlook]:
        boards = electrical_tree(self.recorded.configuration).boards
        found = []
        for device in self.recorded.series_devices:
            board = boards[device.collector]
            rating_w = device.line_current * board.voltage_v * len(board.phases)
            is_load = device.forecast_type == "load"
            is_known = self.knowledge.is_load_known if is_load else self.knowledge.is_sun_known
            truth = self.recorded.series[device.name] if is_known else None
            level_ratio = self.knowledge.load_level_ratio if is_load else None
            found.append(SeriesOutlook(device, rating_w, self._place, truth, level_ratio))
        return found

    def request(self, seen: Observation) -> PlanRequest:
        """The request of this moment. What is constructed here without being judged comes from judged things."""
        end_s = seen.at_s + self.horizon_s(seen.at_s)
        is_expecting = self.knowledge.arrivals == "expected"
        return PlanRequest.model_construct(
            site=self.recorded.site,
            at=from_epoch_s(seen.at_s),
            day_ahead=self._prices.day_ahead(seen),
            forecasts=self._forecasts(seen),
            state=self._state(seen),
            transactions=self._transactions(seen, end_s),
            expected_sessions=self._cars.expected(seen, end_s) if is_expecting else [],
            limits=[],
            tariff_state=self._tariff_state(seen),
            options=self.options,
        )

    def _forecasts(self, seen: Observation) -> dict[str, SeriesForecast]:
        first_s = quarter_start_s(seen.at_s)
        quarter_count = math.ceil(self.horizon_s(seen.at_s) / QUARTER_S) + 1
        return {
            one.device.name: SeriesForecast.model_construct(
                start=from_epoch_s(first_s),
                resolution="PT15M",
                power_w=hourly_later_w(one.power_w(seen, quarter_count), first_s, seen.at_s).tolist(),
            )
            for one in self._series
        }

    def _transactions(self, seen: Observation, end_s: float) -> list[Transaction]:
        if self.knowledge.arrivals != "known":
            return list(seen.cars)
        return [*seen.cars, *reservations(self.recorded.cars, seen.at_s, end_s)]

    def _state(self, seen: Observation) -> SiteState:
        floor_w = self.floor.floor_w(seen)
        return SiteState.model_construct(
            batteries={
                name: BatteryState.model_construct(state_of_charge=percent)
                for name, percent in seen.charge_percent.items()
            },
            month_peaks={
                root: MonthPeaks.model_construct(offtake_w=max(peak_w, floor_w.get(root, 0.0)))
                for root, peak_w in seen.month_peak_w.items()
            },
            quarter_so_far={
                root: QuarterSoFar.model_construct(
                    offtake_wh=energy.offtake_wh, injection_wh=energy.injection_wh
                )
                for root, energy in seen.quarter.items()
            },
        )

    def _tariff_state(self, seen: Observation) -> dict[str, TariffState]:
        at, facts, zone = from_epoch_s(seen.at_s), self.recorded.facts, self.recorded.zone
        before_w = highest_peak_w(facts, at, zone)
        return {
            root: TariffState.model_construct(
                highest_peak_12m_w=None if before_w is None else max(before_w, peak_w),
                year_offtake_kwh=year_offtake_kwh(facts, at, zone),
            )
            for root, peak_w in seen.month_peak_w.items()
        }
