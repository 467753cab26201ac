"""The routes under /v1/prices, on both databases."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kwartier.adapters.http.prices.documents import EXAMPLE_PRICES
from tests.services.service_case import ServiceCase
from tests.services.site_data import prices_from

BRUSSELS = ZoneInfo("Europe/Brussels")
BE = "/v1/prices/BE"
SPAN = {"first_day": "2026-03-01", "last_day": "2026-04-05"}


def prices(day: datetime, count: int, **fields: Any) -> dict[str, Any]:
    return {"start": day.isoformat(), "eur_per_mwh": [50.0 + number for number in range(count)], **fields}


async def test_prices_are_read_back_as_they_were_sent(service: ServiceCase) -> None:
    async with service.caller() as http:
        sent = await http.put(BE, json=EXAMPLE_PRICES)
        assert sent.status_code == 200, sent.text
        read = await http.get(BE)
    assert read.json() == sent.json()
    assert read.json() == {
        "bidding_zone": "BE",
        "data": [
            {
                "day": "2026-03-02",
                "start": "2026-03-01T23:00:00Z",
                "resolution": "PT15M",
                "eur_per_mwh": EXAMPLE_PRICES["eur_per_mwh"],
                "known_at": "2026-03-02T07:00:00Z",
                "source": "exchange",
            }
        ],
    }


async def test_several_days_come_in_one_series_over_a_clock_change(service: ServiceCase) -> None:
    saturday = datetime(2026, 3, 28, tzinfo=BRUSSELS)
    async with service.caller() as http:
        answer = await http.put(BE, json=prices(saturday, 96 + 92 + 96))
        assert answer.status_code == 200, answer.text
        days = (await http.get(BE, params=SPAN)).json()["data"]
    assert [(day["day"], len(day["eur_per_mwh"])) for day in days] == [
        ("2026-03-28", 96),
        ("2026-03-29", 92),
        ("2026-03-30", 96),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 3, 3), 96)],
)
@pytest.mark.parametrize("count", [95, 97, 24, 25])
async def test_another_number_of_values_than_the_day_has_is_refused(
    sqlite_service: ServiceCase, day: date, expected: int, count: int
) -> None:
    # reliability.md, R35
    start = datetime.combine(day, time(), BRUSSELS)
    async with sqlite_service.caller() as http:
        good = await http.put(BE, json=prices(start, expected))
        answer = await http.put(BE, json=prices(start, count, source="later"))
        days = (await http.get(BE, params={"first_day": day.isoformat()})).json()["data"]
    assert good.status_code == 200, good.text
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "prices.count" in {detail["type"] for detail in answer.json()["detail"]}
    assert days == good.json()["data"]  # what was known stays in force


@pytest.mark.parametrize("moved", [timedelta(hours=-1), timedelta(hours=1), timedelta(minutes=7)])
async def test_a_series_that_does_not_start_at_midnight_is_refused(
    sqlite_service: ServiceCase, moved: timedelta
) -> None:
    start = datetime(2026, 3, 3, tzinfo=BRUSSELS) + moved
    async with sqlite_service.caller() as http:
        answer = await http.put(BE, json=prices(start, 96))
        assert answer.status_code == 422
        assert (await http.get(BE)).status_code == 404


async def test_known_prices_moved_by_an_hour_are_refused(sqlite_service: ServiceCase) -> None:
    day = datetime(2026, 10, 25, tzinfo=BRUSSELS)
    known = prices(day, 100)
    moved = known | {"eur_per_mwh": [0.0] * 4 + known["eur_per_mwh"][:-4]}
    async with sqlite_service.caller() as http:
        assert (await http.put(BE, json=known)).status_code == 200
        answer = await http.put(BE, json=moved)
    assert [one["type"] for one in answer.json()["detail"]] == ["prices.shifted"]


async def test_a_null_is_missing_and_not_zero(sqlite_service: ServiceCase) -> None:
    sent = prices(datetime(2026, 3, 3, tzinfo=BRUSSELS), 96)
    sent["eur_per_mwh"][40] = None
    async with sqlite_service.caller() as http:
        answer = await http.put(BE, json=sent)
    assert [one["type"] for one in answer.json()["detail"]] == ["prices.count", "prices.missing"]
    assert "2026-03-03T09:00:00Z" in answer.json()["detail"][1]["msg"]


async def test_hours_are_taken_for_days_before_the_market_had_quarter_hours(
    sqlite_service: ServiceCase,
) -> None:
    async with sqlite_service.caller() as http:
        for day, status_code in ((date(2025, 9, 30), 200), (date(2025, 10, 1), 422)):
            for word in ("PT60M", "PT1H"):
                sent = prices(datetime.combine(day, time(), BRUSSELS), 24, resolution=word)
                assert (await http.put(BE, json=sent)).status_code == status_code


async def test_a_correction_is_in_force_from_then_on_and_what_was_known_stays_readable(
    service: ServiceCase,
) -> None:
    day = datetime(2026, 3, 3, tzinfo=BRUSSELS)
    async with service.caller() as http:
        await http.put(BE, json=prices(day, 96, source="first"))
        service.clock.advance(600)
        corrected = prices(day, 96, source="second")
        corrected["eur_per_mwh"][0] = 7.5
        await http.put(BE, json=corrected)
        now = (await http.get(BE)).json()["data"][0]
        then = (await http.get(BE, params={"known_at": "2026-03-02T07:05:00Z"})).json()["data"][0]
    assert (now["source"], now["eur_per_mwh"][0]) == ("second", 7.5)
    assert (then["source"], then["eur_per_mwh"][0]) == ("first", 50.0)


async def test_the_same_prices_again_are_no_new_version(service: ServiceCase) -> None:
    sent = prices_from(datetime(2026, 3, 3, tzinfo=BRUSSELS), 1)
    async with service.caller() as http:
        await http.put(BE, json=sent)
        service.clock.advance(600)
        await http.put(BE, json=sent)
        assert (await http.get(BE)).json()["data"][0]["known_at"] == "2026-03-02T07:00:00Z"


async def test_history_can_be_filled_in_and_the_future_cannot(service: ServiceCase) -> None:
    day = datetime(2026, 2, 27, tzinfo=BRUSSELS)
    async with service.caller() as http:
        past = await http.put(BE, json=prices(day, 96, known_at="2026-02-26T13:00:00+01:00"))
        assert past.json()["data"][0]["known_at"] == "2026-02-26T12:00:00Z"
        answer = await http.put(BE, json=prices(day, 96, known_at="2026-03-02T07:00:01Z"))
    assert [one["type"] for one in answer.json()["detail"]] == ["prices.known_later"]


async def test_each_partner_has_its_own_prices(service: ServiceCase) -> None:
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        await alpha.put(BE, json=EXAMPLE_PRICES)
        assert (await beta.get(BE)).json()["code"] == "no_prices"


@pytest.mark.parametrize(
    ("query", "status_code"),
    [
        ({"first_day": "2026-03-02", "last_day": "2026-03-01"}, 400),
        ({"first_day": "2025-01-01", "last_day": "2026-03-01"}, 400),
        ({"first_day": "yesterday"}, 422),
        ({"known_at": "2026-03-02T07:00:00"}, 422),
        ({"first_day": "9999-12-31"}, 422),
        ({"first_day": "0001-01-01", "last_day": "0001-01-01"}, 422),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"known_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"first_day": "2026-03-02", "last_day": "2026-03-02"}, 404),
        ({"day": "2026-03-02"}, 422),
    ],
)
async def test_a_query_that_means_nothing_is_refused(
    sqlite_service: ServiceCase, query: dict[str, str], status_code: int
) -> None:
    async with sqlite_service.caller() as http:
        assert (await http.get(BE, params=query)).status_code == status_code


async def test_an_empty_series_is_refused(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        answer = await http.put(BE, json={"start": "2026-03-03T00:00:00+01:00", "eur_per_mwh": []})
    assert [one["type"] for one in answer.json()["detail"]] == ["prices.count"]
