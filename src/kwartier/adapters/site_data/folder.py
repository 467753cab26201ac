"""A folder of CSV files as a recorded site."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from kwartier.adapters.site_data.unusable import UnusableData
from kwartier.forecasting.power_history import PowerHistory
from kwartier.simulation.arrivals import seeded_cars
from kwartier.simulation.car import Car
from kwartier.simulation.period import Period
from kwartier.simulation.recorded_site import RecordedSite
from kwartier.site.contracts import DynamicContract
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.billing.facts import BillFacts
from kwartier.tariffs.billing.facts_document import FactsDocument
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.instant import parse_instant
from kwartier.units.quarter_hour import QUARTER_S

PRICES, SESSIONS, FACTS = "prices.csv", "sessions.csv", "facts.json"
STEPS_S = (QUARTER_S, 1800, 3600)
# Day-ahead prices are out before 13 h of the day before (SDAC).
PUBLISHED = timedelta(hours=-11)
HISTORY = timedelta(days=70)


def fingerprint(folder: Path | None) -> str:
    """A hash of all that is read from a folder: other data, another hash."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")) if folder is not None else []:
        if path.suffix in (".csv", ".json"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_recorded_site(site: Site, folder: Path | None, period: Period, *, seed: int) -> RecordedSite:
    """The site with the data of a folder; without `sessions.csv` each pole has a made-up car a day, from the seed.

    Raises UnusableData where the period is not covered, a file cannot be read, or names a pole that is none.
    """
    configuration = site.configurations.site_configuration
    if configuration is None:
        raise UnusableData("the site document has no site_configuration; there is nothing to simulate")
    series = {
        device.name: _series(device.name, folder, period)
        for device in configuration.device_list
        if isinstance(device, ForecastedSeries3Phase)
    }
    return RecordedSite(
        site=site,
        series=series,
        cars=tuple(_cars(site, configuration, folder, period, seed)),
        price_days=tuple(_prices(site, folder, period)),
        facts=_facts(folder),
    )


def _facts(folder: Path | None) -> BillFacts:
    path = None if folder is None else folder / FACTS
    if path is None or not path.exists():
        return FactsDocument().facts("business", "PT15M")
    return FactsDocument.model_validate_json(path.read_bytes(), strict=False).facts("business", "PT15M")


def _series(name: str, folder: Path | None, period: Period) -> PowerHistory:
    path = _file(folder, f"{name}.csv", f"the power of {name} per quarter-hour (start,power_w)")
    rows = [(_moment_s(path, line, row), _number(path, line, row, "power_w")) for line, row in _rows(path)]
    history = _on_grid(path, rows)
    _covers(path, history, period)
    return history


def _on_grid(path: Path, rows: list[tuple[int, float]]) -> PowerHistory:
    """Values of steps of one length as quarter-hours; what is between two rows further apart is not known."""
    if len(rows) < 2:
        raise UnusableData(f"{path}: holds fewer than two rows; give a row per quarter-hour")
    step_s = min(later[0] - row[0] for row, later in pairwise(rows))
    if step_s not in STEPS_S or any(moment_s % QUARTER_S for moment_s, _ in rows):
        raise UnusableData(
            f"{path}: rows lie {step_s} s apart; give one per quarter-hour, half-hour or hour, in order"
        )
    first_s = rows[0][0]
    values = np.full((rows[-1][0] - first_s + step_s) // QUARTER_S, np.nan)
    for moment_s, value in rows:
        start = (moment_s - first_s) // QUARTER_S
        values[start : start + step_s // QUARTER_S] = value
    return PowerHistory(first_s, values)


def _covers(path: Path, history: PowerHistory, period: Period) -> None:
    first = (period.start_s - history.first_s) // QUARTER_S
    count = (period.end_s - period.start_s) // QUARTER_S
    part = history.power_w[max(0, first) : max(0, first + count)]
    if first < 0 or len(part) < count:
        begins, ends = (
            datetime.fromtimestamp(moment_s, UTC).isoformat()
            for moment_s in (history.first_s, history.first_s + QUARTER_S * len(history.power_w))
        )
        raise UnusableData(
            f"{path}: holds {begins} to {ends}, not the period {period.start.isoformat()} to "
            f"{period.end.isoformat()}; choose another one, or give more data"
        )
    if np.isnan(part).any():
        gap = datetime.fromtimestamp(period.start_s + QUARTER_S * int(np.argmax(np.isnan(part))), UTC)
        raise UnusableData(f"{path}: has no value for {gap.isoformat()}, within the period; fill the gap")


def _prices(site: Site, folder: Path | None, period: Period) -> Iterator[PriceDay]:
    if not isinstance(site.configurations.contract, DynamicContract):
        return
    path = _file(folder, PRICES, "day-ahead prices (start,eur_per_mwh)")
    rows = [
        (_moment_s(path, line, row), _number(path, line, row, "eur_per_mwh")) for line, row in _rows(path)
    ]
    history = _on_grid(path, rows)
    _covers(path, history, period)
    by_day: dict[date, list[float]] = defaultdict(list)
    for start_s, price in zip(history.start_s.tolist(), history.power_w.tolist(), strict=True):
        by_day[market_day_of(datetime.fromtimestamp(start_s, UTC))].append(price)
    for day, prices in by_day.items():
        begins = day_start(day)
        count = int((day_start(day + timedelta(days=1)) - begins).total_seconds()) // QUARTER_S
        if len(prices) == count and not np.isnan(prices).any():
            yield PriceDay("BE", day, "PT15M", tuple(prices), begins + PUBLISHED, path.name)


def _cars(
    site: Site, configuration: SiteConfiguration, folder: Path | None, period: Period, seed: int
) -> Iterator[Car]:
    poles = [
        one.name
        for one in configuration.device_list
        if one.type in ("charging_pole_3phase", "dc_charging_pole")
    ]
    path = None if folder is None else folder / SESSIONS
    if path is None or not path.exists():
        zone = site_timezone(site)
        first = (period.start - HISTORY).astimezone(zone).date()
        count = (period.end.astimezone(zone).date() - first).days + 1
        days = [first + timedelta(days=number) for number in range(count)]
        yield from sorted(seeded_cars(poles, days, zone, seed=seed), key=lambda car: car.arrival)
        return
    cars = [_car(path, line, row, poles) for line, row in _rows(path)]
    yield from sorted(cars, key=lambda car: car.arrival)


def _car(path: Path, line: int, row: dict[str, str], poles: list[str]) -> Car:
    pole = row.get("pole", "")
    if pole not in poles:
        raise UnusableData(f"{path}, line {line}: {pole!r} is no charging pole of the site; correct the name")
    arrival, departure = (
        datetime.fromtimestamp(_moment_s(path, line, row, column, grid_s=1), UTC)
        for column in ("arrival", "departure")
    )
    if departure <= arrival:
        raise UnusableData(f"{path}, line {line}: the car leaves before it comes; correct the times")
    return Car(
        transaction_id=f"{pole}-{line}",
        asset_id=pole,
        arrival=arrival,
        departure=departure,
        requested_wh=_number(path, line, row, "energy_wh"),
        largest_w=_number(path, line, row, "max_power_w"),
        phase_count=int(_number(path, line, row, "phases")),
        badge=row.get("badge") or None,
    )


def _file(folder: Path | None, name: str, what: str) -> Path:
    if folder is None:
        raise UnusableData(f"no data: name a folder with --data that holds {name}, {what}")
    path = folder / name
    if not path.is_file():
        raise UnusableData(f"{path}: there is no such file; it holds {what}")
    return path


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _moment_s(
    path: Path, line: int, row: dict[str, str], column: str = "start", grid_s: int = QUARTER_S
) -> int:
    try:
        moment_s = int(parse_instant(row.get(column) or "").timestamp())
    except ValueError as error:
        raise UnusableData(f"{path}, line {line}, column {column}: {row.get(column)!r}: {error}") from None
    if moment_s % grid_s:
        raise UnusableData(f"{path}, line {line}, column {column}: {row[column]} is no quarter-hour")
    return moment_s


def _number(path: Path, line: int, row: dict[str, str], column: str) -> float:
    try:
        value = float(row.get(column) or "")
    except ValueError:
        raise UnusableData(
            f"{path}, line {line}, column {column}: {row.get(column)!r} is no number"
        ) from None
    if not np.isfinite(value):
        raise UnusableData(f"{path}, line {line}, column {column}: {value} is no finite number")
    return value
