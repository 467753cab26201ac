"""A battery site planned again and again over real prices.

Everything about the future is known inside a plan's horizon, so what the run pays more than one programme
over the whole period (`hindsight`) comes from the end of the horizon alone. Both start with the same stored energy, and
a policy of the battery makes both end with it: what is left at the end needs no price.
"""

import csv
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.problem import Problem
from kwartier.planning.request import PlanRequest
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME
from kwartier.units.quarter_hour import QUARTER_H

DATA = Path(__file__).parent / "data"
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
START_PERCENT = 50.0
PEAK_EUR_PER_KW = 4.5

FloatArray = npt.NDArray[np.float64]
Json = dict[str, Any]
# From a resolved problem to the value of a delivered kWh (EUR) kept for after its horizon.
KeptValue = Callable[[Problem], float]


@dataclass(frozen=True)
class Period:
    """Real Belgian prices (EUR/MWh) and sun (W per Wp installed), in steps of `resolution`, from a local midnight."""

    name: str
    start: datetime
    resolution: str
    day_ahead_eur_per_mwh: FloatArray
    sun_w_per_wp: FloatArray

    @property
    def step(self) -> timedelta:
        """The time between two values."""
        return HOUR if self.resolution == "PT1H" else QUARTER

    def slice_from(self, at: datetime, days: int) -> slice:
        """The values of so many days from `at` on."""
        first = int((at - self.start) / self.step)
        return slice(first, first + int(timedelta(days=days) / self.step))


@dataclass(frozen=True)
class BatterySite:
    """A battery behind one connection, with a load by rule and solar; powers kW, energy kWh, prices EUR/MWh.

    Offtake costs the market price and `offtake_margin`, injection earns the market price less `injection_margin`.
    `peak_floor_w` (all phases together) None: peaks cost nothing.
    """

    name: str
    battery_kw: float
    battery_kwh: float
    mean_load_kw: float
    solar_kwp: float
    offtake_margin_eur_per_mwh: float
    injection_margin_eur_per_mwh: float
    peak_floor_w: float | None = None


# Two hours of storage that trade; a house whose battery takes a night to empty; a site that pays for its peak. Margins:
# the supplier's alone, with a Belgian household's grid terms and levies, and with a business's, in round figures.
TRADER = BatterySite("trader", 50.0, 100.0, 20.0, 0.0, 15.0, 10.0)
HOME = BatterySite("home", 5.0, 10.0, 0.6, 6.0, 120.0, 10.0)
OFFICE = BatterySite("office", 50.0, 100.0, 30.0, 60.0, 60.0, 10.0, peak_floor_w=0.0)


@dataclass(frozen=True)
class PlannedEnd:
    """What a plan wants to have stored (percent of capacity) at the end of the quarter-hour its horizon ends with."""

    quarter_index: int
    state_of_charge: float


@dataclass(frozen=True)
class Run:
    """What a rolling run paid, its last state of charge, and where its plans wanted to end.

    Plans that see the end of the period are left out of `planned_ends`: there the policy decides.
    """

    bill_eur: float
    end_state_of_charge: float
    planned_ends: tuple[PlannedEnd, ...]


@dataclass(frozen=True)
class Ends:
    """The planned state of charge at the end of each horizon, and the optimum's at the same moment, percent."""

    planned_percent: FloatArray
    optimum_percent: FloatArray

    @property
    def bias_percent(self) -> float:
        """How much more than the optimum the plans keep on average: positive is hoarding, negative dumping."""
        return float((self.planned_percent - self.optimum_percent).mean())

    @property
    def dumped_percent(self) -> float:
        """How many plans in a hundred end empty where the optimum holds at least a quarter of the capacity."""
        return 100.0 * float(((self.planned_percent < 1.0) & (self.optimum_percent >= 25.0)).mean())

    @property
    def hoarded_percent(self) -> float:
        """How many plans in a hundred end full where the optimum holds at most three quarters of the capacity."""
        return 100.0 * float(((self.planned_percent > 99.0) & (self.optimum_percent <= 75.0)).mean())


@cache
def period(name: str) -> Period:
    """The period of one data file, such as `2024-07`; values per hour, from October 2025 on per quarter-hour."""
    with (DATA / f"belgium_{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first, second = (datetime.fromisoformat(row["start"]) for row in rows[:2])
    return Period(
        name=name,
        start=first,
        resolution="PT1H" if second - first == HOUR else "PT15M",
        day_ahead_eur_per_mwh=np.array([float(row["day_ahead_eur_per_mwh"]) for row in rows]),
        sun_w_per_wp=np.array([float(row["sun_w_per_wp"]) for row in rows]),
    )


def load_w(site: BatterySite, at: datetime, count: int, step: timedelta) -> list[float]:
    """The load, by rule: tops at 7 and 18 h UTC, a quarter less in the weekend; its mean is near `mean_load_kw`."""
    powers = []
    for number in range(count):
        moment = at + number * step
        hour = moment.hour + moment.minute / 60.0
        tops = math.exp(-(((hour - 7.0) / 2.0) ** 2)) + 1.5 * math.exp(-(((hour - 18.0) / 2.5) ** 2))
        weekend = 0.75 if moment.weekday() >= 5 else 1.0
        powers.append(round(1000.0 * site.mean_load_kw * weekend * (0.7 + 0.8 * tops), 1))
    return powers


def _devices(site: BatterySite, end: datetime) -> list[Json]:
    at_the_end = {
        "type": "schedule",
        "schedule": {"frequency": "once", "date_times": [end.isoformat()]},
        "minimum_state_of_charge": START_PERCENT,
        "maximum_state_of_charge": START_PERCENT,
    }
    series = [{"name": name, "forecast_type": kind} for name, kind in (("building", "load"), ("roof", "pv"))]
    return [
        {
            "name": "battery",
            "collector": "grid",
            "type": "battery_energy_storage_system",
            "maximum_charging_power": site.battery_kw * 1000.0,
            "maximum_discharging_power": site.battery_kw * 1000.0,
            "operational_battery_capacity": site.battery_kwh * 1000.0,
            "policies": [at_the_end],
        },
        *(
            one | {"collector": "grid", "type": "forecasted_series_3phase", "line_current": 1000}
            for one in series
        ),
    ]


def _optimisation(site: BatterySite, horizon: str) -> Json:
    document: Json = {"planning_horizon": horizon, "cost_minimization_active": True}
    if site.peak_floor_w is not None:
        document["peak_minimization"] = {
            "active": True,
            "peak_limit": math.ceil(site.peak_floor_w / 3.0),
            "peak_price": PEAK_EUR_PER_KW,
        }
    return document


@dataclass(frozen=True)
class Study:
    """A site over the first `days` of a period, both described above."""

    site: BatterySite
    period: Period
    days: int

    @property
    def end(self) -> datetime:
        """When the period of the comparison ends."""
        return self.period.start + timedelta(days=self.days)

    def request(self, at: datetime, horizon: str, state_of_charge: float, month_peak_w: float) -> PlanRequest:
        """The plan request at a moment; `horizon` by its name, `state_of_charge` in percent."""
        days = HORIZON_DAYS_BY_NAME[horizon]
        known = self.period.slice_from(at, days)
        market = self.period.day_ahead_eur_per_mwh[known]
        series: Json = {"start": at.isoformat(), "resolution": self.period.resolution}
        sun_w = self.period.sun_w_per_wp[known] * -1000.0 * self.site.solar_kwp
        site = {
            "site_id": "rolling",
            "name": "A battery",
            "location": {"name": "Brussels", "coordinates": [50.85, 4.35, 0]},
            "country": "BE",
            "configurations": {
                "site_configuration": {
                    "device_list": _devices(self.site, self.end),
                    "collector_list": [{"name": "grid", "line_current": 400, "line_voltage": 400}],
                },
                "optimization_configuration": _optimisation(self.site, horizon),
            },
        }
        prices = series | {
            "offtake_eur_per_mwh": (market + self.site.offtake_margin_eur_per_mwh).tolist(),
            "injection_eur_per_mwh": (market - self.site.injection_margin_eur_per_mwh).tolist(),
        }
        forecasts = {
            "building": series | {"power_w": load_w(self.site, at, len(market), self.period.step)},
            "roof": series | {"power_w": sun_w.tolist()},
        }
        state: Json = {"batteries": {"battery": {"state_of_charge": state_of_charge}}}
        if self.site.peak_floor_w is not None:
            state["month_peaks"] = {"grid": {"offtake_w": month_peak_w}}
        return PlanRequest.model_validate(
            {"site": site, "at": at, "prices": prices, "forecasts": forecasts, "state": state}
        )


@contextmanager
def kept_energy_is_worth(value_of: KeptValue) -> Iterator[None]:
    """Inside, every plan takes this value instead of the planner's own for a kWh kept for after the horizon."""
    with patch.object(Problem, "median_offtake_eur_per_kwh", property(value_of)):
        yield


def peak_eur(site: BatterySite, highest_w: float) -> float:
    """What the month's peak costs above the floor: the same on each phase, so the total's thirds."""
    if site.peak_floor_w is None:
        return 0.0
    floor_w = 3.0 * math.ceil(site.peak_floor_w / 3.0)
    return max(0.0, highest_w - floor_w) / 1000.0 * PEAK_EUR_PER_KW


@dataclass(frozen=True)
class Rhythm:
    """How a site is planned: a horizon by its name, and how much of each plan is executed before the next one.

    `first` is executed of the first plan only, so that the later horizons end at another time of day.
    """

    horizon: str
    executed: timedelta
    first: timedelta

    @property
    def ahead(self) -> timedelta:
        """The length of the horizon."""
        return timedelta(days=HORIZON_DAYS_BY_NAME[self.horizon])


def run(study: Study, rhythm: Rhythm, kept: KeptValue | None = None) -> Run:
    """Plan, execute the first part of the plan, plan again, to the end of the period.

    `kept` None: the planner's own value of what is kept for later.
    """
    if kept is not None:
        with kept_energy_is_worth(kept):
            return run(study, rhythm)
    at, percent, energy_eur, peak_w = study.period.start, START_PERCENT, 0.0, 0.0
    wanted: list[PlannedEnd] = []
    executed = rhythm.first
    while at < study.end:
        executed = min(executed, study.end - at)
        made = plan(study.request(at, rhythm.horizon, percent, peak_w))
        charge = [value for value in made.devices["battery"].state_of_charge or [] if value is not None]
        steps = int(executed / QUARTER)
        energy_eur += _paid_eur(made, steps)
        peak_w = max(peak_w, *made.offtake_w[:steps])
        percent = min(100.0, max(0.0, charge[steps - 1]))
        if at + rhythm.ahead < study.end:
            quarters = int((at + rhythm.ahead - study.period.start) / QUARTER)
            wanted.append(PlannedEnd(quarters - 1, charge[-1]))
        at += executed
        executed = rhythm.executed
    return Run(energy_eur + peak_eur(study.site, peak_w), percent, tuple(wanted))


def _paid_eur(made: Plan, steps: int) -> float:
    """What the energy of a plan's first steps costs."""
    assert made.prices is not None
    paid = np.multiply(made.offtake_w, made.prices.offtake_eur_per_mwh)
    earned = np.multiply(made.injection_w, made.prices.injection_eur_per_mwh)
    return float((paid - earned)[:steps].sum()) * QUARTER_H / 1e6


def ends_beside(study: Study, ran: Run, optimum_kwh: FloatArray) -> Ends:
    """The ends of a run's plans beside what the optimum stores at the same moments (kWh per quarter-hour)."""
    quarters = [end.quarter_index for end in ran.planned_ends]
    return Ends(
        planned_percent=np.array([end.state_of_charge for end in ran.planned_ends]),
        optimum_percent=100.0 * optimum_kwh[quarters] / study.site.battery_kwh,
    )
