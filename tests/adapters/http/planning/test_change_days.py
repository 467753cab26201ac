"""The two days a year whose clock changes, through the service: plans, energies and bills, by hand (R32, R34)."""

import zoneinfo
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from kwartier.service.measurement_row import epoch_us, measurement_row
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.site.measurement import Measurement
from tests.control.sites import four_wire, pole
from tests.services.described import memory_service
from tests.services.service_case import ServiceCase

SITE = "/v1/sites/hall"
# 01:00 UTC on both days: 02:00 becomes 03:00 in March, and 03:00 becomes 02:00 in October (Directive 2000/84/EC).
CHANGES = {"march": datetime(2026, 3, 29, 1, tzinfo=UTC), "october": datetime(2026, 10, 25, 1, tzinfo=UTC)}
DAY_NIGHT = {
    "contract_type": "day_night_be",
    "day_offtake_cost_per_mwh": 300.0,
    "night_offtake_cost_per_mwh": 100.0,
    "day_injection_cost_per_mwh": 0.0,
    "night_injection_cost_per_mwh": 0.0,
}
FULL_W = 32 * 690.0


@asynccontextmanager
async def hall(now: datetime) -> AsyncIterator[tuple[ServiceCase, httpx.AsyncClient]]:
    """A site in Belgium with one pole of 32 A on three phases, two rates, and the grid operator's peak; it is `now`."""
    case = memory_service()
    case.clock.jump((now - case.clock.now()).total_seconds())
    document = {
        "site_id": "hall",
        "name": "Hall",
        "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
        "country": "BE",
        "configurations": {
            "site_configuration": {
                "collector_list": [four_wire("main", 100)],
                "device_list": [pole("pole_1")],
            },
            "optimization_configuration": {"cost_minimization_active": True},
            "contract": DAY_NIGHT,
            "dso": {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"},
        },
    }
    async with case.caller() as http:
        assert (await http.post("/v1/sites", json=document)).status_code == 201
        yield case, http


def read_every_5_min(case: ServiceCase, asset_id: str, power_w: list[float], since: datetime) -> None:
    """Readings of a meter whose power is steady for five minutes each."""
    [partner_id] = case.partner_ids.values()
    total_wh, rows = 1_000.0, []
    for number, value_w in enumerate([power_w[0], *power_w]):
        total_wh += value_w / 12.0 if number else 0.0
        at = since + number * timedelta(minutes=5)
        reading = Measurement(asset_id=asset_id, timestamp=at, energy_value=total_wh, power_value=value_w)
        rows.append(measurement_row(partner_id, "hall", reading, epoch_us(at)))
    written = case.ports.measurement_writer.submit(rows)
    assert not isinstance(written, QueueFull)
    assert set(written.result(5)) == {"stored"}


def car(now: datetime, start: str, departure: str, requested_wh: float, charged_wh: float) -> dict[str, Any]:
    """A car at the pole."""
    return {
        "siteId": "hall",
        "assetId": "pole_1",
        "transactionId": "tx-1",
        "timestamp": now.isoformat(),
        "transactionState": "Updated",
        "startTime": start,
        "departureTime": departure,
        "requestedEnergy": requested_wh,
        "energyCharged": charged_wh,
    }


def planned_wh(plan: dict[str, Any]) -> float:
    """The energy that a plan gives the pole, Wh."""
    powers_w = plan["devices"]["pole_1"]["power_w"]
    return sum(float(power_w * step["hours"]) for power_w, step in zip(powers_w, plan["steps"], strict=True))


@pytest.mark.parametrize(
    ("now", "departure", "hours"),
    [
        # 02:30 does not exist in March: said in winter time it is 01:30 UTC, 03:30 on the clock.
        ("2026-03-29T00:00:00+00:00", "2026-03-29T02:30:00+01:00", 1.5),
        ("2026-03-29T00:00:00+00:00", "2026-03-29T03:30:00+02:00", 1.5),
        # In October it comes twice, an hour apart.
        ("2026-10-25T00:00:00+00:00", "2026-10-25T02:30:00+02:00", 0.5),
        ("2026-10-25T00:00:00+00:00", "2026-10-25T02:30:00+01:00", 1.5),
    ],
)
async def test_a_departure_at_half_past_two_is_the_instant_that_its_offset_says(
    now: str, departure: str, hours: float
) -> None:
    at = datetime.fromisoformat(now)
    async with hall(at) as (_, http):
        told = car(at, at.isoformat(), departure, 60_000.0, 0.0)
        assert (await http.post("/v1/transactions", json=told)).status_code == 200
        plan = (await http.post(f"{SITE}/plans", json={})).json()
    # Full power until it leaves, as UTC counts the hours; what is asked for beyond is not served.
    assert planned_wh(plan) == pytest.approx(FULL_W * hours)
    assert plan["unserved_wh"]["tx-1"] == pytest.approx(60_000.0 - FULL_W * hours)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_session_across_the_change_gets_what_it_still_lacks(change: datetime) -> None:
    came, leaves = change - timedelta(minutes=50), change + timedelta(hours=2)
    async with hall(change) as (case, http):
        told = car(change, came.isoformat(), leaves.isoformat(), 20_000.0, 8_000.0)
        assert (await http.post("/v1/transactions", json=told)).status_code == 200
        plan = (await http.post(f"{SITE}/plans", json={})).json()
        read_every_5_min(case, "pole_1", [11_040.0] * 24, change - timedelta(hours=1))
        case.clock.jump(3_000.0)  # within the life of the token
        first, last = change - timedelta(minutes=45), change + timedelta(minutes=45)
        read = {
            "asset_id": "pole_1",
            "resolution": "PT15M",
            "from": first.isoformat(),
            "to": last.isoformat(),
        }
        energies = (await http.get(f"{SITE}/measurements", params=read)).json()["data"]
    assert planned_wh(plan) == pytest.approx(12_000.0)
    # Three quarter-hours before the change and three after it, whatever the clock calls them: 11.04 kW each.
    assert [one["energyWh"] for one in energies] == pytest.approx([2_760.0] * 6)


@pytest.mark.parametrize(("name", "night_h"), [("march", 56.0), ("october", 58.0)])
async def test_the_night_rate_of_a_weekend_has_the_hours_that_the_weekend_has(
    name: str, night_h: float
) -> None:
    # 4 kW from Friday 12:00 to Monday 12:00. Night is from Friday 22:00 to Monday 7:00 (the weekend is night): 57 h
    # of the clock, one less in March and one more in October; day are 10 h of Friday and 5 h of Monday.
    begins = local_noon(CHANGES[name] - timedelta(days=2))
    ends = local_noon(CHANGES[name] + timedelta(days=1))
    steps = [4_000.0] * round((ends - begins) / timedelta(minutes=5))
    assert len(steps) == (night_h + 15) * 12
    # 10 kW for five minutes before the change and five after it: two quarter-hours of (4 + 4 + 10) / 3 kW, 1 kWh more.
    around = round((CHANGES[name] - begins) / timedelta(minutes=5))
    steps[around - 1 : around + 1] = [10_000.0, 10_000.0]
    async with hall(ends) as (case, http):
        read_every_5_min(case, "main", steps, begins)
        bill = (await http.get(f"{SITE}/bill")).json()
        assert (await http.post(f"{SITE}/plans", json={})).status_code == 201
        [partner_id] = case.partner_ids.values()
        planned = case.ports.plans.latest(partner_id, "hall")
    by_price = {line["unit_price_eur"]: line for line in bill["lines"]}
    assert by_price[0.3]["quantity"] == pytest.approx(15 * 4.0)
    assert by_price[0.1]["quantity"] == pytest.approx(night_h * 4.0 + 1.0)
    assert planned is not None
    assert planned.request.state.month_peaks["main"].offtake_w == pytest.approx(6_000.0)


def local_noon(day: datetime) -> datetime:
    """Noon in Brussels on the day of a moment, in UTC."""
    there = day.astimezone(zoneinfo.ZoneInfo("Europe/Brussels"))
    return there.replace(hour=12, minute=0).astimezone(UTC)


async def test_another_edition_of_the_time_zones_moves_no_stored_instant(tmp_path: Path) -> None:
    # R34: between two runs Belgium is said to lie five hours east of UTC, as Pakistan does.
    change = CHANGES["march"]
    read: dict[str, str | int] = {
        "asset_id": "main",
        "from": (change - timedelta(hours=2)).isoformat(),
        "page_size": 100,
    }
    instants = []
    async with hall(change + timedelta(hours=1)) as (case, http):
        read_every_5_min(case, "main", [4_000.0] * 23, change - timedelta(hours=1))
        for edition in (nullcontext(), brussels_keeps("Asia/Karachi", tmp_path)):
            with edition:
                told = (await http.get(f"{SITE}/measurements", params=read)).json()["data"]
            instants.append([datetime.fromisoformat(one["timestamp"]).timestamp() for one in told])
    assert len(instants[0]) == 24
    assert instants[0] == instants[1]


@contextmanager
def brussels_keeps(other: str, folder: Path) -> Iterator[None]:
    """Have Brussels keep another zone's time."""
    (folder / "Europe").mkdir()
    zone = resources.files("tzdata").joinpath("zoneinfo", *other.split("/")).read_bytes()
    (folder / "Europe" / "Brussels").write_bytes(zone)
    zoneinfo.reset_tzpath(to=[folder])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()
