"""The public data of a folder as recorded sites, moved by whole weeks to a year of which tariffs are known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from simulation_study.sites import LOAD_PEAK_W, LOAD_PROFILE, ROOF_PEAK_W, site_document

from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.car import Car
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.day_ahead.market_day import day_start
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.tariffs.meter import LocalMonth
from kwartier.units.quarter_hour import QUARTER_S

ZONE = ZoneInfo("Europe/Brussels")
# The sheets of medium voltage begin in 2026. 104 weeks bring 2024 there, weekday by weekday; 522 weeks 2016.
PRICES_MOVED, LOAD_MOVED = timedelta(weeks=104), timedelta(weeks=522)
HISTORY = timedelta(days=70)
PUBLISHED = timedelta(hours=-11)  # day-ahead prices are known before 13 h of the day before (SDAC)
LEAST_STAY, LEAST_ENERGY_WH = timedelta(minutes=10), 500.0
LONGEST_STAY = timedelta(hours=72)


@dataclass(frozen=True)
class StudyCase:
    """One site-month: a kind of site, a month (2026-03), a tariff, and the seed that draws its chargers and weeks."""

    kind: str
    month: str
    tariff: str
    seed: int

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The month's begin and end."""
        quarters = LocalMonth.parse(self.month).quarter_indices(ZONE)
        return tuple(datetime.fromtimestamp(one * QUARTER_S, UTC) for one in (quarters.start, quarters.stop))  # type: ignore[return-value]


def recorded(folder: Path, case: StudyCase, peaks_before_kw: float | None = None) -> RecordedSite:
    """The site of a case with the ten weeks before its month; `peaks_before_kw` is that of each month before."""
    start, end = case.bounds
    facts = BillFacts()
    if peaks_before_kw is not None:
        month = LocalMonth.parse(case.month)
        facts = BillFacts(
            month_peaks_kw={
                month.later(-back): Decimal(str(round(peaks_before_kw, 3))) for back in range(1, 13)
            }
        )
    return RecordedSite(
        site=site_document(case.kind, case.tariff),
        series={"roof": _roof(folder, case.kind), "building": _load(folder, case.kind)},
        cars=tuple(sorted(_cars(folder, case, start - HISTORY, end), key=lambda car: car.arrival)),
        price_days=tuple(one for one in _prices(folder) if _near(one, start, end)),
        facts=facts,
    )


def _near(day: PriceDay, start: datetime, end: datetime) -> bool:
    return (start - HISTORY).date() <= day.day <= (end + timedelta(days=4)).date()


@cache
def _prices(folder: Path) -> tuple[PriceDay, ...]:
    frame = pd.read_csv(folder / "prices/be_dayahead_hourly_2020_2024.csv", parse_dates=["timestamp_utc"])
    frame = frame[frame.timestamp_utc >= pd.Timestamp("2023-12-20", tz="UTC")]
    by_hour = {
        moment.to_pydatetime().astimezone(ZONE).replace(tzinfo=None) + PRICES_MOVED: float(price)
        for moment, price in zip(frame.timestamp_utc, frame.price_eur_per_mwh, strict=True)
    }
    days = sorted({moment.date() for moment in by_hour})
    return tuple(one for day in days[1:-1] if (one := _price_day(day, by_hour)) is not None)


def _price_day(day: date, by_hour: dict[datetime, float]) -> PriceDay | None:
    """A day of 23, 24 or 25 hours by its own clock; an hour that the other year's clock lacks repeats the last."""
    begin = day_start(day)
    count = int((day_start(day + timedelta(days=1)) - begin) / timedelta(hours=1))
    values: list[float] = []
    last = by_hour.get(datetime.combine(day, time()))
    for hour in range(count):
        local = (begin + timedelta(hours=hour)).astimezone(ZONE).replace(tzinfo=None, fold=0)
        last = by_hour.get(local, last)
        if last is None:
            return None
        values += [last] * 4
    return PriceDay("BE", day, "PT15M", tuple(values), begin + PUBLISHED, "SMARD, moved by 104 weeks")


@cache
def _roof(folder: Path, kind: str) -> PowerHistory:
    frame = pd.read_parquet(folder / "pv/elia_be_solar_15min_2024.parquet")
    measured = frame.measured_mw.fillna(frame.most_recent_mw).ffill()
    power_w = -ROOF_PEAK_W[kind] * (measured / frame.monitored_capacity_mwp.ffill()).to_numpy()
    first_s = int((frame.timestamp_utc.iloc[0].to_pydatetime() + PRICES_MOVED).timestamp())
    return PowerHistory(first_s, np.asarray(power_w, dtype=np.float64))


@cache
def _load(folder: Path, kind: str) -> PowerHistory:
    frame = pd.read_parquet(folder / "load/simbench_2016_15min_pu.parquet")
    power_w = LOAD_PEAK_W[kind] * frame[LOAD_PROFILE[kind]].ffill().to_numpy()
    first_s = int((frame.timestamp_utc.iloc[0].to_pydatetime() + LOAD_MOVED).timestamp())
    return PowerHistory(first_s, np.asarray(power_w, dtype=np.float64))


@dataclass(frozen=True)
class _Source:
    """Sessions of one kind of place: which frame, the clock that they were written by, and which poles take them."""

    frame: pd.DataFrame
    zone: str


@cache
def _sessions(folder: Path, kind: str) -> _Source:
    if kind == "garage":
        frame = pd.read_parquet(folder / "sessions/norway_residential_sessions.parquet")
        frame = frame[frame.site == "TRO_R"].assign(power_w=frame.est_charge_power_w.fillna(3_680.0))
        frame["phases"] = np.where(frame.power_w > 7_400.0, 3, 1)
        return _Source(frame, "Europe/Oslo")
    if kind == "office":
        frame = pd.read_csv(
            folder / "sessions/us_workplace_sessions.csv", parse_dates=["arrival_utc", "departure_utc"]
        )
        return _Source(frame.assign(power_w=6_600.0, phases=1), "UTC")
    frame = pd.read_parquet(folder / "sessions/dundee_public_chargers.parquet")
    frame = frame[frame.kind == "AC"]
    return _Source(frame.assign(power_w=frame.rated_power_w, phases=frame.rated_phases), "Europe/London")


def _cars(folder: Path, case: StudyCase, start: datetime, end: datetime) -> Iterator[Car]:
    """Each pole has a charger of the data, chosen by the seed, in some weeks of the data, chosen by the seed too."""
    random = Random(f"{case.kind}/{case.seed}")  # noqa: S311  # a seeded source is what repeats
    source = _sessions(folder, case.kind)
    frame = source.frame
    local = {
        name: frame[f"{name}_utc"].dt.tz_convert(source.zone).dt.tz_localize(None)
        for name in ("arrival", "departure")
    }
    frame = frame.assign(local_arrival=local["arrival"], local_departure=local["departure"])
    begin, stop = (moment.astimezone(ZONE).replace(tzinfo=None) for moment in (start, end))
    moved = _weeks_to_move(frame, begin, stop, random)
    for pole, chargers in _chargers(case.kind, frame, random):
        found = frame[frame.charger_id.isin(chargers)]
        yield from _at_one_pole(pole, found, moved, begin, stop)


def _weeks_to_move(frame: pd.DataFrame, begin: datetime, stop: datetime, random: Random) -> timedelta:
    first, last = frame.local_arrival.quantile(0.02), frame.local_arrival.quantile(0.98)
    spare_weeks = int((last - first - (stop - begin)).days // 7)
    to_begin = (begin - first.to_pydatetime()).days // 7
    return timedelta(weeks=to_begin - random.randrange(max(1, spare_weeks)))


def _chargers(kind: str, frame: pd.DataFrame, random: Random) -> Iterator[tuple[str, list[object]]]:
    """Poles with the chargers whose sessions they take; a workplace's are seldom used, so all are dealt out."""
    pole_count = {"hub": 20, "office": 12, "garage": 20}[kind]
    if kind == "office":
        dealt = sorted(frame.charger_id.unique())
        random.shuffle(dealt)
        yield from ((f"pole_{number + 1}", dealt[number::pole_count]) for number in range(pole_count))
        return
    counts = frame.groupby("charger_id").size().sort_values(ascending=False)
    chosen = random.sample(list(counts.index[: int(1.5 * pole_count)]), pole_count)
    yield from ((f"pole_{number}", [charger]) for number, charger in enumerate(chosen, start=1))


def _at_one_pole(
    pole: str, found: pd.DataFrame, moved: timedelta, begin: datetime, stop: datetime
) -> Iterator[Car]:
    """The sessions of a pole, one after the other; one that overlaps the one before is left out."""
    free_from = begin
    for row in found.sort_values("local_arrival").itertuples():
        arrival, departure = (
            moment.to_pydatetime() + moved for moment in (row.local_arrival, row.local_departure)
        )
        stay = departure - arrival
        if not (free_from <= arrival < stop) or not LEAST_STAY <= stay <= LONGEST_STAY:
            continue
        power_w = float(row.power_w)
        energy_wh = min(float(row.energy_wh), 0.98 * power_w * (stay / timedelta(hours=1)))
        if energy_wh < LEAST_ENERGY_WH:
            continue
        free_from = departure
        yield Car(
            transaction_id=f"{pole}-{arrival.isoformat()}",
            asset_id=pole,
            arrival=arrival.replace(tzinfo=ZONE).astimezone(UTC),
            departure=departure.replace(tzinfo=ZONE).astimezone(UTC),
            requested_wh=round(energy_wh, 1),
            largest_w=power_w,
            phase_count=int(row.phases),
            taper_share=0.0,
        )
