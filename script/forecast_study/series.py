"""The public series that forecasts are measured on, as quarter-hours of mean power."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from kwartier.forecasting.forecaster import Place
from kwartier.forecasting.power_history import FloatArray, PowerHistory
from kwartier.units.quarter_hour import QUARTER_S

# A unit peak of SimBench stands for 10 kW; skills do not depend on it.
UNIT_PEAK_W = 10_000.0
# The garages' sessions without an estimated power: 16 A on one phase of 230 V.
USUAL_POWER_W = 3_680.0
LEAST_SESSIONS_COUNT = 2_000
DAY_S = 86_400


@dataclass(frozen=True)
class StudySeries:
    """A series with its group: home, business, charging, feeder or solar."""

    name: str
    group: str
    history: PowerHistory
    place: Place


def place(zone: str, country: str, latitude_deg: float, longitude_deg: float, altitude_m: float) -> Place:
    """A place with its time zone."""
    return Place(ZoneInfo(zone), country, latitude_deg, longitude_deg, altitude_m)


# Positions of series without one are the middle of what is told: they serve the sun only.
BELGIUM = place("Europe/Brussels", "BE", 50.85, 4.35, 50.0)
GERMANY = place("Europe/Berlin", "DE", 51.5, 9.5, 200.0)
FRANCE = place("Europe/Paris", "FR", 45.8, 6.9, 300.0)
CALIFORNIA = place("America/Los_Angeles", "US", 34.1, -117.4, 380.0)
NETHERLANDS = place("Europe/Amsterdam", "NL", 52.0, 5.5, 0.0)
NORWAY = place("Europe/Oslo", "NO", 60.0, 10.5, 50.0)
SCOTLAND = place("Europe/London", "GB", 56.5, -3.0, 20.0)


def load_series(folder: Path) -> Iterator[StudySeries]:
    """Every load of the data folder, positive when consumed."""
    house = pd.read_csv(folder / "load/fr_household_30min_odd_months.csv", parse_dates=["timestamp_utc"])
    unflagged_w = house.load_power_w.where(house.flag.isna())
    yield StudySeries("French house", "home", on_grid(house.timestamp_utc, unflagged_w, 1800), FRANCE)
    homes = pd.read_parquet(folder / "load/citylearn_2022_hourly_3_homes.parquet")
    for name in ("b1", "b4", "b9"):
        history = on_grid(homes.timestamp_utc, homes[f"{name}_load_w"], 3600)
        yield StudySeries(f"California {name}", "home", history, CALIFORNIA)
    simbench = pd.read_parquet(folder / "load/simbench_2016_15min_pu.parquet")
    groups = {"h0_a": "home", **{f"g{number}_a": "business" for number in range(5)}, "hls_a_11_0": "charging"}
    for name, group in groups.items():
        history = on_grid(simbench.timestamp_utc, simbench[f"{name}_pu"] * UNIT_PEAK_W, QUARTER_S)
        yield StudySeries(f"SimBench {name}", group, history, GERMANY)
    for number in (287, 435):
        feeder = pd.read_parquet(folder / f"load/nl_feeder_{number}_15min_2020_2021.parquet")
        history = on_grid(feeder.timestamp_utc, feeder.net_load_mw * 1e6, QUARTER_S)
        yield StudySeries(f"Dutch feeder {number}", "feeder", history, NETHERLANDS)
    yield from charging_series(folder)


def charging_series(folder: Path) -> Iterator[StudySeries]:
    """The load of charging sites where every car charges at its power on arrival."""
    garages = pd.read_parquet(folder / "sessions/norway_residential_sessions.parquet")
    for site, sessions in garages.groupby("site"):
        power_w = sessions.est_charge_power_w.fillna(USUAL_POWER_W)
        yield StudySeries(f"Norway {site}", "charging", charged(sessions, power_w), NORWAY)
    posts = pd.read_parquet(folder / "sessions/dundee_public_chargers.parquet")
    for site, sessions in posts[posts.flag != "longer_than_72h"].groupby("site"):
        if len(sessions) >= LEAST_SESSIONS_COUNT:
            name = str(site).split(",", maxsplit=1)[0]
            history = charged(sessions, sessions.rated_power_w)
            yield StudySeries(f"Dundee {name}", "charging", history, SCOTLAND)


def solar_series(folder: Path) -> Iterator[StudySeries]:
    """Every solar series of the data folder, negative when delivered."""
    fleet = pd.read_parquet(folder / "pv/elia_be_solar_15min_2024.parquet")
    fleet_w = -fleet.measured_mw / fleet.monitored_capacity_mwp * UNIT_PEAK_W
    yield StudySeries("Belgian fleet", "solar", on_grid(fleet.timestamp_utc, fleet_w, QUARTER_S), BELGIUM)
    simbench = pd.read_parquet(folder / "load/simbench_2016_15min_pu.parquet")
    for name in ("pv1", "pv3"):
        history = on_grid(simbench.timestamp_utc, -simbench[f"{name}_pu"] * UNIT_PEAK_W, QUARTER_S)
        yield StudySeries(f"SimBench {name}", "solar", history, GERMANY)
    house = pd.read_csv(folder / "load/fr_household_30min_odd_months.csv", parse_dates=["timestamp_utc"])
    unflagged_w = -house.pv_power_w.where(house.flag.isna())
    yield StudySeries("French roof", "solar", on_grid(house.timestamp_utc, unflagged_w, 1800), FRANCE)


def on_grid(times: pd.Series, power_w: pd.Series, step_s: int) -> PowerHistory:
    """Values of steps of one length, a multiple of a quarter-hour, as quarter-hours; gaps are NaN."""
    starts_s = epoch_s(times).astype(np.int64)
    first_s = int(starts_s[0])
    values_w = np.full((int(starts_s[-1]) - first_s + step_s) // QUARTER_S, np.nan)
    for offset_s in range(0, step_s, QUARTER_S):
        values_w[(starts_s - first_s + offset_s) // QUARTER_S] = power_w
    return PowerHistory(first_s, values_w)


def charged(sessions: pd.DataFrame, power_w: pd.Series) -> PowerHistory:
    """The mean power per quarter-hour of sessions that charge from their arrival on until they have their energy."""
    from_s, left_s = epoch_s(sessions.arrival_utc), epoch_s(sessions.departure_utc)
    energy_wh = sessions.energy_wh.to_numpy(dtype=np.float64)
    to_s = np.maximum(np.minimum(from_s + energy_wh / power_w.to_numpy() * 3600, left_s), from_s + 60)
    first_s = int(from_s.min() // DAY_S) * DAY_S
    boundaries_s = first_s + QUARTER_S * np.arange(int((left_s.max() - first_s) // QUARTER_S) + 2)
    # Charged until each boundary: a straight line between arrival and end for each car, summed over the cars.
    reached_wh = np.zeros(len(boundaries_s))
    for start_s, end_s, wh in zip(from_s, to_s, energy_wh, strict=True):
        first, last = np.searchsorted(boundaries_s, (start_s, end_s))
        reached_wh[first:last] += wh * (boundaries_s[first:last] - start_s) / (end_s - start_s)
        reached_wh[last:] += wh
    return PowerHistory(first_s, np.diff(reached_wh) * 3600 / QUARTER_S)


def epoch_s(times: pd.Series) -> FloatArray:
    """Times as epoch seconds."""
    return np.asarray(times.dt.tz_convert("UTC").dt.as_unit("us").astype("int64") / 1e6, dtype=np.float64)
