"""Measurements and energies read back, on both databases."""

import csv
import io
import os
import random
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pyarrow import parquet

from kwartier.adapters.http.archive import routes
from kwartier.adapters.http.archive.query import LONGEST_SPAN
from tests.services.hub import MEASUREMENTS, MIDNIGHT, instant, measurement, new_hub, read_all, send
from tests.services.service_case import ServiceCase

DAY_MINUTES = 1440
# reliability.md, R05.
TOGETHER_COUNT = 50
ORDERS_COUNT = 10_000 if os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly" else 200


async def energies(http: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    return await read_all(
        http, **{"from": instant(0), "to": instant(DAY_MINUTES), "resolution": "PT15M", **query}
    )


async def test_pages_hold_every_row_once_in_order(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute, name) for minute in range(7) for name in ("b", "ä", "B")))
        read = await read_all(http, page_size=4)
        one = await read_all(http, asset_id="ä", page_size=4)
    assert [(row["assetId"], row["timestamp"]) for row in read] == [
        (name, f"2026-02-28T23:0{minute}:00Z") for name in ("B", "b", "ä") for minute in range(7)
    ]
    assert one == read[14:]


async def test_the_end_of_a_span_is_outside_and_a_day_is_the_default(service: ServiceCase) -> None:
    # The clock of the test stands at 2026-03-02T07:00Z.
    async with service.caller() as http:
        await new_hub(http)
        moments = [
            "2026-03-01T06:59:59Z",
            "2026-03-01T07:00:00Z",
            "2026-03-02T06:59:59Z",
            "2026-03-02T07:00:00Z",
        ]
        await send(http, *(measurement(0, timestamp=moment) for moment in moments))
        page = (await http.get(MEASUREMENTS)).json()
    assert [row["timestamp"] for row in page["data"]] == moments[1:3]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": instant(1), "to": instant(0)}, 400),
        ({"from": MIDNIGHT.isoformat(), "to": (MIDNIGHT + LONGEST_SPAN).isoformat()}, 200),
        (
            {
                "from": MIDNIGHT.isoformat(),
                "to": (MIDNIGHT + LONGEST_SPAN + timedelta(seconds=1)).isoformat(),
            },
            400,
        ),
        ({"from": "yesterday"}, 422),
        ({"from": "2026-03-01T00:00:00"}, 422),
        ({"to": "1999-12-30T23:59:59Z"}, 422),
        ({"resolution": "PT5M"}, 422),
        ({"format": "xlsx"}, 422),
        ({"page_size": 101}, 422),
        ({"asset_id": "a\x00"}, 422),
        ({"asset_id": ""}, 422),
        ({"surprise": 1}, 422),
        ({"after": "WyJhIl0"}, 400),  # ["a"], the place of another list
        ({"after": "WyJhIiwtMV0"}, 400),  # ["a",-1]
    ],
)
async def test_what_is_asked_wrongly_is_refused(
    sqlite_service: ServiceCase, query: dict[str, Any], status: int
) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        answer = await http.get(MEASUREMENTS, params=query)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("table", ["csv", "parquet"])
async def test_an_unknown_site_has_no_tables_either(sqlite_service: ServiceCase, table: str) -> None:
    async with sqlite_service.caller() as http:
        for resolution in ("raw", "P1D"):
            answer = await http.get(MEASUREMENTS, params={"format": table, "resolution": resolution})
            assert answer.status_code == 404


async def test_quarter_hours_hours_and_days_are_those_of_the_sites_clock(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute) for minute in range(0, DAY_MINUTES + 1, 5)))
        quarters = await energies(http)
        hours = await energies(http, resolution="PT1H")
        (day,) = await energies(http, resolution="P1D")
    assert [one["energyWh"] for one in quarters] == [750.0] * 96  # 3 kW
    assert [one["energyWh"] for one in hours] == [3_000.0] * 24
    assert (day["start"], day["end"]) == (
        "2026-02-28T23:00:00Z",
        "2026-03-01T23:00:00Z",
    )  # midnight in Brussels
    assert (day["energyWh"], day["coveredRatio"]) == (72_000.0, 1.0)


async def test_what_is_missing_is_null_and_what_is_partly_known_says_so(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute) for minute in (0, 5, 10)))
        found = await energies(http, to=instant(30))
    assert [one["coveredRatio"] for one in found] == [pytest.approx(2 / 3, abs=1e-6), 0.0]
    assert [one["energyWh"] for one in found] == [500.0, None]


async def test_a_fault_of_a_total_is_found_once_and_is_no_energy(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        rows = [measurement(minute) for minute in range(0, 61, 5)]
        too_much_wh = rows[7]["energyValue"] - 100.0
        for row in rows[7:]:
            row["energyValue"] -= too_much_wh
        await send(http, *rows)
        query = {"from": instant(0), "to": instant(60), "resolution": "PT15M"}
        page = (await http.get(MEASUREMENTS, params=query)).json()
    assert [(one["fault"], one["start"]) for one in page["findings"]] == [("reset", "2026-02-28T23:30:00Z")]
    assert [one["energyWh"] for one in page["data"]] == [750.0] * 4
    assert [one["fromPowerRatio"] > 0 for one in page["data"]] == [False, False, True, False]


async def test_energies_come_in_pages_like_everything(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute, name) for minute in (0, 15) for name in ("a", "b", "c")))
        whole = await energies(http, to=instant(60))
        assert [(one["assetId"], one["start"][11:16]) for one in whole] == [
            (name, moment) for name in ("a", "b", "c") for moment in ("23:00", "23:15", "23:30", "23:45")
        ]
        assert await energies(http, to=instant(60), page_size=5) == whole
        assert await energies(http, to=instant(60), asset_id="b") == whole[4:8]


async def test_csv_holds_every_row_and_runs_no_formula(service: ServiceCase) -> None:
    names = ["=1+1", "+a", "-2", "@SUM(A1)", 'a"b,c', "pole_1"]
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(0, name, powerValue=-5.5) for name in names))
        answer = await http.get(MEASUREMENTS, params={"from": instant(0), "to": instant(1), "format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="brussels-hub-raw.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert sorted(row["asset_id"] for row in rows) == sorted(
        ["'=1+1", "'+a", "'-2", "'@SUM(A1)", 'a"b,c', "pole_1"]
    )
    assert {row["power_w"] for row in rows} == {"-5.5"}  # a number is no formula
    assert {row["timestamp"] for row in rows} == {"2026-02-28T23:00:00Z"}


@pytest.mark.parametrize("resolution", ["raw", "PT15M"])
async def test_parquet_holds_what_json_does(service: ServiceCase, resolution: str) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute) for minute in range(0, 61, 5)))
        query = {"from": instant(0), "to": instant(120), "resolution": resolution}
        answer = await http.get(MEASUREMENTS, params={**query, "format": "parquet"})
        read = await read_all(http, **query)
    rows = parquet.read_table(io.BytesIO(answer.content)).to_pylist()
    assert len(rows) == len(read) > 5
    for row, one in zip(rows, read, strict=True):
        energy = ("energy_total_wh", "energyValue") if resolution == "raw" else ("energy_wh", "energyWh")
        assert row[energy[0]] == (None if one[energy[1]] is None else pytest.approx(one[energy[1]]))
        moment = row["timestamp" if resolution == "raw" else "start"]
        assert (
            moment.isoformat().replace("+00:00", "Z") == one["timestamp" if resolution == "raw" else "start"]
        )


async def test_an_export_longer_than_one_chunk_is_whole(sqlite_service: ServiceCase) -> None:
    count = 5_001  # read_measurements.CHUNK_ROWS_COUNT and one
    async with sqlite_service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(number / 60) for number in range(count)))
        answer = await http.get(
            MEASUREMENTS, params={"from": instant(0), "to": instant(100), "format": "csv"}
        )
    assert len(answer.text.splitlines()) == count + 1


@pytest.mark.parametrize(
    ("resolution", "end_minute", "row_count"), [("raw", 10, 20), ("raw", 11, 22), ("PT15M", 30, 4)]
)
async def test_an_export_of_so_many_rows_is_whole_and_of_one_more_is_refused(
    service: ServiceCase, monkeypatch: pytest.MonkeyPatch, resolution: str, end_minute: int, row_count: int
) -> None:
    # reliability.md, R39; the bound is lowered so that there need not be a million rows.
    end = instant(end_minute)
    query = {"from": instant(0), "to": end, "resolution": resolution, "format": "csv"}
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *(measurement(minute, name) for minute in range(11) for name in ("a", "b")))
        monkeypatch.setattr(routes, "MOST_EXPORT_ROWS_COUNT", row_count)
        whole = await http.get(MEASUREMENTS, params=query)
        monkeypatch.setattr(routes, "MOST_EXPORT_ROWS_COUNT", row_count - 1)
        refused = await http.get(MEASUREMENTS, params=query)
        one_asset = await http.get(MEASUREMENTS, params=query | {"asset_id": "a"})
    assert len(whole.text.splitlines()) == row_count + 1
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_rows")
    assert len(one_asset.text.splitlines()) == row_count // 2 + 1


async def test_many_orders_of_a_day_give_the_same_store_and_energies(service: ServiceCase) -> None:
    # reliability.md, R05. Each order is another asset's day: every reading once, some twice, in random portions.
    dice = random.Random(5)
    day = [measurement(minute) for minute in range(0, DAY_MINUTES + 1, 15)]
    for row in day[40:]:
        row["energyValue"] -= 9_000.0  # the meter began again at another level
    async with service.caller() as http:
        await new_hub(http)
        await send(http, *day)
        for first in range(0, ORDERS_COUNT, TOGETHER_COUNT):
            earlier: list[dict[str, Any]] = []
            later: list[dict[str, Any]] = []
            for number in range(first, first + TOGETHER_COUNT):
                order = [row | {"assetId": f"order-{number:05}"} for row in (*day, *dice.sample(day, 10))]
                dice.shuffle(order)
                portion = dice.randint(1, len(order) - 1)
                earlier += order[:portion]
                later += order[portion:]
            await send(http, *earlier)
            await send(http, *later)
        assert len(await told(http, "raw")) == 1
        assert len(await told(http, "PT15M")) == 1


async def told(http: httpx.AsyncClient, resolution: str) -> set[str]:
    """The different days that all assets tell, as CSV without the names and the moments of arrival."""
    query = {"from": instant(0), "to": instant(DAY_MINUTES + 1), "resolution": resolution, "format": "csv"}
    days: dict[str, str] = {}
    for row in csv.reader(io.StringIO((await http.get(MEASUREMENTS, params=query)).text)):
        days[row[0]] = days.get(row[0], "") + ",".join(row[1:6]) + "\n"
    del days["asset_id"]
    assert len(days) == ORDERS_COUNT + 1
    return set(days.values())


async def test_late_data_are_kept_with_their_arrival_and_count_at_once(service: ServiceCase) -> None:
    # reliability.md, R06: one second to ninety days late.
    async with service.caller() as http:
        await new_hub(http)
        await send(http, measurement(0), measurement(15), measurement(45), measurement(60))
        assert [one["coveredRatio"] for one in await energies(http, to=instant(60))] == [1.0, 0.0, 0.0, 1.0]
        late_s = [1, 60, 3_600, 86_400, 30 * 86_400, 90 * 86_400]
        passed_s = 0
        for number, seconds in enumerate(late_s):
            service.clock.advance(seconds - passed_s)
            passed_s = seconds
            token = service.token(service.client())
            async with service.http(token) as later:
                assert (await send(later, measurement(20 + 2 * number)))["stored"] == 1
    async with service.caller() as http:
        found = await energies(http, to=instant(60))
        assert [one["energyWh"] for one in found] == [750.0] * 4
        read = await read_all(http)
    received = {row["timestamp"][14:16]: row["receivedAt"] for row in read}
    assert received["20"] == "2026-03-02T07:00:01Z"
    assert received["30"] == "2026-05-31T07:00:00Z"
